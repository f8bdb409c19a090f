using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Tool.Pipeline;

/// <summary>Puts the same classifier of pixels behind different features and trains it.</summary>
/// <param name="ml">The context.</param>
/// <param name="trainer">One of <see cref="Trainers.Names"/>.</param>
/// <param name="seed">Seed of the sampling.</param>
/// <param name="images">How many labeled images there are.</param>
/// <param name="features">What computes features.</param>
internal sealed class PixelClassifier(MLContext ml, string trainer, int seed, int images, ImageFeatures features)
{
    /// <summary>As <see cref="PixelWiseOptions.Stride"/>.</summary>
    public int? Stride { get; init; }

    /// <summary>As <see cref="PixelWiseOptions.FollowEdges"/>.</summary>
    public bool FollowEdges { get; init; }

    /// <summary>Whether colors are features beside the network's.</summary>
    public bool Color { get; init; }

    /// <summary>Trains on the features of a network.</summary>
    /// <param name="train">Rows as <see cref="LabeledData"/> gives them.</param>
    /// <param name="model">The network.</param>
    /// <param name="motion">Whether the motion since the predecessor is a feature, too.</param>
    /// <returns>From images to masks; needs nothing but images.</returns>
    public ITransformer Train(IDataView train, TdvModel model, bool motion)
    {
        string[] learned = motion ? [Columns.Features, Columns.Motion] : [Columns.Features];
        var network = features.OfNetwork(model, motion);
        return Color
            ? network
                .Append(features.OfColor(model.PatchSize))
                .Append(Painter([.. learned, Columns.Color], position: true))
                .Fit(train)
            : network.Append(Painter(learned, position: true)).Fit(train);
    }

    /// <summary>Trains without any network.</summary>
    /// <param name="train">Rows as <see cref="LabeledData"/> gives them.</param>
    /// <param name="patchSize">The edge of a patch in pixels, as the network has it.</param>
    public ITransformer TrainOnColor(IDataView train, int patchSize) =>
        features.OfColor(patchSize).Append(Painter([Columns.Color], position: false)).Fit(train);

    private PixelWiseTrainer Painter(IReadOnlyList<string> kinds, bool position) =>
        ml.MulticlassClassification.Trainers.PixelWise(
            Trainers.Create(ml, trainer),
            new PixelWiseOptions
            {
                FeatureColumnNames = features.ColumnsOf(kinds),
                LabelColumnName = Columns.Mask,
                ImageColumnName = Columns.Frame,
                PredictedLabelColumnName = Columns.Predicted,
                SamplesPerImage = Defaults.SamplesPerImage(images),
                PositionFeatures = position,
                Stride = Stride,
                FollowEdges = FollowEdges,
                Seed = seed,
            }
        );
}
