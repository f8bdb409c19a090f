// The only file that touches ML.NET's internals, but for the names in LoadableClasses.cs. It compiles against publicized
// reference copies (see the project file) and runs against the stock assemblies through IgnoresAccessChecksTo.
using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Tdv.MLNet.Foundation;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace System.Runtime.CompilerServices
{
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}

namespace Tdv.MLNet.MLNet
{
    /// <summary>What a transformer outside ML.NET needs of ML.NET's internals: environment, schema shapes, model files.</summary>
    internal static class MLNetInternals
    {
        private const uint FormatVersion = 0x00010001;

        public static IHostEnvironment Environment(TransformsCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

        public static IHostEnvironment Environment(DataOperationsCatalog catalog) =>
            CatalogUtils.GetEnvironment(catalog);

        public static IHostEnvironment Environment(MulticlassClassificationCatalog catalog) =>
            CatalogUtils.GetEnvironment(catalog);

        public static IHostEnvironment Environment(
            MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog
        ) => CatalogUtils.GetEnvironment(catalog);

        /// <summary>The seed given to the <see cref="MLContext"/>, or null.</summary>
        public static int? Seed(IHostEnvironment environment) => ((IHostEnvironmentInternal)environment).Seed;

        public static int? GpuDeviceId(IHostEnvironment environment) =>
            ((IHostEnvironmentInternal)environment).GpuDeviceId;

        public static bool FallbackToCpu(IHostEnvironment environment) =>
            ((IHostEnvironmentInternal)environment).FallbackToCpu;

        /// <summary>True after <c>MLContext.CancelExecution()</c>.</summary>
        public static bool IsCanceled(IHost host) => ((ICancelable)host).IsCanceled;

        /// <summary>Ends what reads on behalf of the context, as <c>MLContext.CancelExecution()</c> does.</summary>
        public static void Cancel(MLContext context) => context.CancelExecution();

        public static SchemaShape.Column ShapeColumn(
            string name,
            SchemaShape.Column.VectorKind kind,
            DataViewType itemType,
            bool isKey = false,
            SchemaShape? annotations = null
        ) => new(name, kind, itemType, isKey, annotations);

        public static bool TryFind(SchemaShape shape, string name, out SchemaShape.Column column) =>
            shape.TryFindColumn(name, out column);

        public static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShape.Create(schema);

        /// <summary>The binary models under a one-versus-all model, in the order of their classes.</summary>
        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SubModelParameters")]
        public static extern ImmutableArray<object> SubModels(OneVersusAllModelParameters model);

        /// <summary>A binary model and what turns its score into a probability, if anything does.</summary>
        public static (object Model, ICalibrator? Calibrator) Uncalibrated(object model) =>
            model is IWeaklyTypedCalibratedModelParameters calibrated
                ? (calibrated.WeaklyTypedSubModel, calibrated.WeaklyTypedCalibrator)
                : (model, null);

        /// <summary>Starts a model's header. <paramref name="signature"/> has exactly 8 characters, <paramref name="loader"/> at most 24.</summary>
        public static void BeginSave(ModelSaveContext context, string signature, string loader)
        {
            context.CheckAtModel();
            context.SetVersionInfo(Version(signature, loader));
        }

        public static void CheckLoad(ModelLoadContext context, string signature, string loader) =>
            context.CheckAtModel(Version(signature, loader));

        public static BinaryWriter Writer(ModelSaveContext context) => context.Writer;

        public static BinaryReader Reader(ModelLoadContext context) => context.Reader;

        /// <summary>Saves a model into a folder of the model being saved.</summary>
        public static void SaveNested(ModelSaveContext context, ITransformer model, string folder) =>
            context.SaveModel(model, folder);

        public static ITransformer LoadNested(IHostEnvironment environment, ModelLoadContext context, string folder)
        {
            context.LoadModel<ITransformer, SignatureLoadModel>(environment, out var model, folder);
            return model;
        }

        public static void SaveText(ModelSaveContext context, string text) => context.SaveNonEmptyString(text);

        public static string LoadText(ModelLoadContext context) => context.LoadNonEmptyString();

        /// <summary>Writes an entry of its own beside the model's header.</summary>
        public static void SaveEntry(ModelSaveContext context, string name, Action<BinaryWriter> write) =>
            context.SaveBinaryStream(name, write);

        /// <exception cref="InvalidDataException">The entry announces more than what is ours can hold.</exception>
        public static bool TryLoadEntry(ModelLoadContext context, string name, Action<BinaryReader> read)
        {
            RequirePlausible(context, name);
            return context.TryLoadBinaryStream(name, read);
        }

        /// <exception cref="InvalidDataException">There is no such entry, or it announces more than what is ours can hold.</exception>
        public static byte[] LoadBytes(ModelLoadContext context, string name)
        {
            byte[]? bytes = null;
            return TryLoadEntry(context, name, reader => bytes = reader.ReadBytes(Rest(reader.BaseStream)))
                ? bytes!
                : throw new InvalidDataException($"The model has no entry '{name}': it is damaged.");
        }

        /// <summary>Before it is inflated: ML.NET makes room for what an entry announces, and fills it.</summary>
        private static void RequirePlausible(ModelLoadContext context, string name)
        {
            string path = Path.Combine(context.Directory ?? "", name).Replace('\\', '/');
            foreach (var (key, entry) in Entries(context.Repository))
            {
                if (
                    key.Replace('\\', '/') == path
                    && EntryBounds.Fault(entry.Length, entry.CompressedLength) is { } fault
                )
                {
                    throw new InvalidDataException(
                        $"The saved model is damaged or hostile: its entry '{path}' {fault}."
                    );
                }
            }
        }

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_entries")]
        private static extern ref Dictionary<string, ZipArchiveEntry> Entries(RepositoryReader reader);

        private static int Rest(Stream stream) => (int)Math.Min(stream.Length - stream.Position, Array.MaxLength);

        public static void Info(IChannel channel, string message) => channel.Info(message);

        public static void Warn(IChannel channel, string message) => channel.Warning(message);

        private static VersionInfo Version(string signature, string loader) =>
            new(
                modelSignature: signature,
                verWrittenCur: FormatVersion,
                verReadableCur: FormatVersion,
                verWeCanReadBack: FormatVersion,
                loaderSignature: loader,
                loaderAssemblyName: typeof(MLNetInternals).Assembly.FullName!
            );
    }
}
