using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>Adds an image column, read from picture files: upright, in their own colors, without opacity. Lazy, row to row.</summary>
/// <remarks>
/// An image lives until the next row is read. Reading a row throws <see cref="FileNotFoundException"/> or
/// <see cref="InvalidDataException"/>, with the file's name, if a picture is missing, damaged, cut short or too large.
/// </remarks>
public sealed class PictureLoadingTransformer : ColumnTransformer
{
    internal const string LoaderSignature = "TdvPictureLoading";
    private const string ModelSignature = "TDVPICTR";
    private readonly PictureOptions _options;

    internal PictureLoadingTransformer(
        IHostEnvironment environment,
        string outputColumnName,
        string folder,
        string inputColumnName,
        PictureOptions options
    )
        : base(environment, outputColumnName, inputColumnName)
    {
        Folder = folder;
        _options = options;
    }

    /// <summary>The folder relative paths are resolved against.</summary>
    public string Folder { get; }

    private protected override string Step => "LoadPictures";

    private protected override IReadOnlyList<(string Name, ColumnKind Kind)> Inputs =>
        [(InputColumnName, ColumnKind.Text)];

    private protected override DataViewSchema.DetachedColumn Output => new(OutputColumnName, new ImageDataViewType());

    private protected override BatchKernel CreateKernel(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var getPath = row.GetGetter<ReadOnlyMemory<char>>(columns[0]);
        ReadOnlyMemory<char> path = default;
        return new PictureKernel(
            () =>
            {
                getPath(ref path);
                return Path.Combine(Folder, path.ToString());
            },
            path =>
            {
                using var file = PictureFile.Open(path);
                return file.Decode(_options.Least);
            }
        );
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        var writer = MLNetInternals.Writer(context);
        writer.Write(OutputColumnName);
        writer.Write(Folder);
        writer.Write(InputColumnName);
        writer.Write(_options.LeastHeight ?? 0);
        writer.Write(_options.LeastWidth ?? 0);
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static PictureLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var reader = MLNetInternals.Reader(ctx);
        string output = reader.ReadString();
        string folder = reader.ReadString();
        string input = reader.ReadString();
        var (height, width) = (reader.ReadInt32(), reader.ReadInt32());
        var options = new PictureOptions
        {
            LeastHeight = height == 0 ? null : height,
            LeastWidth = width == 0 ? null : width,
        };
        var faults = new Faults();
        options.Check(faults);
        return faults.Count == 0
            ? new(env, output, folder, input, options)
            : throw new InvalidDataException(
                $"The saved LoadPictures step is damaged: at least {width}×{height} pixels. Save the model again."
            );
    }
}
