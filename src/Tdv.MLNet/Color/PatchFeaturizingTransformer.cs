using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Color;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row the pixels of its picture, patch by patch, <c>Vector&lt;Single, gridHeight, gridWidth,
/// 3·patchSize²&gt;</c>: red, green and blue of each pixel, normalized as for a network. Lazy, row to row.
/// </summary>
public sealed class PatchFeaturizingTransformer : ColumnTransformer
{
    internal const string LoaderSignature = "TdvPatchFeaturizing";
    private const string ModelSignature = "TDVPATCH";
    private readonly PixelPatches _patches;
    private readonly StoredOrientation _orientation;

    internal PatchFeaturizingTransformer(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        PixelPatches patches
    )
        : base(environment, outputColumnName, inputColumnName)
    {
        _patches = patches;
        _orientation = StoredOrientation.Of(environment);
    }

    private protected override string Step => "PatchFeaturize";

    private protected override IReadOnlyList<(string Name, ColumnKind Kind)> Inputs =>
        [(InputColumnName, ColumnKind.Image)];

    private protected override DataViewSchema.DetachedColumn Output =>
        new(
            OutputColumnName,
            new VectorDataViewType(NumberDataViewType.Single, _patches.Rows, _patches.Columns, _patches.Depth)
        );

    private protected override BatchKernel CreateKernel(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var getImage = row.GetGetter<MLImage>(columns[0]);
        var pixels = new byte[_patches.ImageHeight * _patches.ImageWidth * FramePixels.Channels];
        var features = new float[pixels.Length];
        MLImage? image = null;
        return new ColumnKernel<float>(() =>
        {
            var picture = Getters.Image(getImage, InputColumnName, nameof(TdvCatalog.PatchFeaturize), ref image);
            _orientation.Look(picture, InputColumnName);
            _patches.Describe(picture, pixels, features);
            return features;
        });
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        var writer = MLNetInternals.Writer(context);
        writer.Write(OutputColumnName);
        writer.Write(InputColumnName);
        writer.Write(_patches.ImageHeight);
        writer.Write(_patches.ImageWidth);
        writer.Write(_patches.PatchSize);
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static PatchFeaturizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var reader = MLNetInternals.Reader(ctx);
        string output = reader.ReadString();
        string input = reader.ReadString();
        var patches = new PixelPatches(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var faults = new Faults();
        patches.Check(faults);
        return faults.Count == 0
            ? new(env, output, input, patches)
            : throw new InvalidDataException(
                $"The saved PatchFeaturize step is damaged: pictures of {patches.ImageHeight}×{patches.ImageWidth} pixels "
                    + $"in patches of {patches.PatchSize}. Save the model again."
            );
    }
}
