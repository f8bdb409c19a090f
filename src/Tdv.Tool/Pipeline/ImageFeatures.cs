using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Tool.Pipeline;

/// <summary>Features of images at one size or several, those of each size in columns of their own.</summary>
/// <param name="ml">The context.</param>
/// <param name="sizes">Height and width in pixels, in whole patches; the first column has a kind's plain name.</param>
internal sealed class ImageFeatures(MLContext ml, IReadOnlyList<(int Height, int Width)> sizes)
{
    /// <summary>Height and width in pixels that no size exceeds.</summary>
    public (int Height, int Width) Largest => (sizes.Max(size => size.Height), sizes.Max(size => size.Width));

    /// <summary>The columns of some kinds of features, such as <see cref="Columns.Motion"/>.</summary>
    public string[] ColumnsOf(IEnumerable<string> kinds) =>
        [.. kinds.SelectMany(kind => sizes.Select((_, scale) => Column(kind, scale)))];

    /// <summary>Adds what a network sees.</summary>
    /// <param name="model">The network.</param>
    /// <param name="motion">Whether to encode motion, too.</param>
    /// <param name="layers">Blocks of the network, counted from 1; null: three, evenly spread.</param>
    public IEstimator<ITransformer> OfNetwork(TdvModel model, bool motion, IReadOnlyList<int>? layers = null) =>
        Chain(
            (size, scale) =>
                ml.Transforms.TdvFeaturize(
                    Column(Columns.Features, scale),
                    Columns.Frame,
                    model,
                    new TdvFeatureOptions
                    {
                        ImageHeight = size.Height,
                        ImageWidth = size.Width,
                        Layers = layers ?? Defaults.Layers(model.Depth),
                        MotionColumnName = motion ? Column(Columns.Motion, scale) : null,
                        PreviousFrameColumnName = Columns.PreviousFrame,
                    }
                )
        );

    /// <summary>Adds color and position of each patch, without a network.</summary>
    /// <param name="patchSize">The edge of a patch in pixels, as the network has it.</param>
    public IEstimator<ITransformer> OfColor(int patchSize) =>
        Chain(
            (size, scale) =>
                ml.Transforms.ColorFeaturize(
                    Column(Columns.Color, scale),
                    Columns.Frame,
                    size.Height / patchSize,
                    size.Width / patchSize
                )
        );

    private EstimatorChain<ITransformer> Chain(Func<(int Height, int Width), int, IEstimator<ITransformer>> create) =>
        sizes
            .Select(create)
            .Aggregate(new EstimatorChain<ITransformer>(), (chain, next) => chain.Append<ITransformer>(next));

    private static string Column(string kind, int scale) =>
        scale == 0 ? kind : FormattableString.Invariant($"{kind}{scale + 1}");
}
