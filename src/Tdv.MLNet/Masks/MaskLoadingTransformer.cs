using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>
/// Adds a mask column, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c> of variable length, row-major image height × width, read from
/// label pictures. Key k is the k-th class that is not ignored; missing (0) is an ignored class. A row without a path has
/// an empty mask: nobody has labeled it. Beside the column <c>Mask</c> lies <c>MaskSize</c>, <c>Vector&lt;Int32, 2&gt;</c>:
/// the mask's height and width in pixels, by which masks that lie on their side are told from those that fit.
/// </summary>
/// <remarks>
/// Reading a row throws <see cref="FileNotFoundException"/> or <see cref="InvalidDataException"/>, with the file's name,
/// if a mask is missing, damaged or of a format that changes values, holds a value that is no class id or a color that is
/// no class's, or has another height or width than its image.
/// </remarks>
public sealed class MaskLoadingTransformer : ColumnTransformer
{
    internal const string LoaderSignature = "TdvMaskLoading";
    private const string ModelSignature = "TDVMASKS";
    private readonly StoredOrientation _orientation;

    internal MaskLoadingTransformer(
        IHostEnvironment environment,
        string outputColumnName,
        string folder,
        string inputColumnName,
        IReadOnlyList<MaskClass> classes,
        string? imageColumnName
    )
        : base(environment, outputColumnName, inputColumnName)
    {
        Folder = folder;
        Classes = [.. classes];
        ImageColumnName = imageColumnName;
        _orientation = StoredOrientation.Of(environment);
    }

    /// <summary>The folder relative paths are resolved against.</summary>
    public string Folder { get; }

    /// <summary>The image column whose sizes the masks must have, or null.</summary>
    public string? ImageColumnName { get; }

    /// <summary>The classes, ignored ones included.</summary>
    public IReadOnlyList<MaskClass> Classes { get; }

    private protected override string Step => "LoadMasks";

    private protected override IReadOnlyList<(string Name, ColumnKind Kind)> Inputs =>
        ImageColumnName is { } image
            ? [(InputColumnName, ColumnKind.Text), (image, ColumnKind.Image)]
            : [(InputColumnName, ColumnKind.Text)];

    private protected override DataViewSchema.DetachedColumn Output
    {
        get
        {
            var legend = MaskLegend.Of(Classes);
            var key = new KeyDataViewType(typeof(uint), (ulong)legend.Count);
            return new(OutputColumnName, new VectorDataViewType(key), legend.ToAnnotations());
        }
    }

    private protected override DataViewSchema.DetachedColumn[] Outputs =>
        [Output, MaskSize.ColumnFor(OutputColumnName)];

    private protected override BatchKernel CreateKernel(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var decoder = new MaskDecoder(Classes);
        var getPath = row.GetGetter<ReadOnlyMemory<char>>(columns[0]);
        var getImage = columns.Count > 1 ? row.GetGetter<MLImage>(columns[1]) : null;
        ReadOnlyMemory<char> path = default;
        MLImage? image = null;
        return new MaskKernel(() =>
        {
            getPath(ref path);
            if (path.IsEmpty)
            {
                return ([], 0, 0);
            }

            getImage?.Invoke(ref image!);
            if (image is not null)
            {
                _orientation.Look(image, ImageColumnName!);
            }

            return decoder.Decode(Path.Combine(Folder, path.ToString()), image);
        });
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        var writer = MLNetInternals.Writer(context);
        writer.Write(OutputColumnName);
        writer.Write(Folder);
        writer.Write(InputColumnName);
        writer.Write(ImageColumnName ?? "");
        writer.Write(Classes.Count);
        foreach (var c in Classes)
        {
            writer.Write(c.Id);
            writer.Write(c.Name);
            writer.Write([c.Red, c.Green, c.Blue]);
            writer.Write(c.Ignore);
        }
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static MaskLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var reader = MLNetInternals.Reader(ctx);
        var output = reader.ReadString();
        var folder = reader.ReadString();
        var input = reader.ReadString();
        var image = reader.ReadString();
        var classes = new MaskClass[reader.ReadCount(sizeof(int) + 1 + 3 + 1, "classes")];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = new(
                reader.ReadInt32(),
                reader.ReadString(),
                reader.ReadByte(),
                reader.ReadByte(),
                reader.ReadByte(),
                reader.ReadBoolean()
            );
            if (classes[i].Id is < 0 or > byte.MaxValue)
            {
                throw new InvalidDataException(
                    $"The saved mask loader is damaged: class '{classes[i].Name}' has the id {classes[i].Id}, not 0 to 255. "
                        + "Save it again."
                );
            }
        }

        return new(env, output, folder, input, classes, image.Length == 0 ? null : image);
    }
}
