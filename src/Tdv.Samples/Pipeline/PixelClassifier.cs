using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.PixelWise;

namespace Tdv.Samples.Pipeline;

/// <summary>Puts the same classifier of pixels behind different features and trains it.</summary>
/// <param name="ml">The context.</param>
/// <param name="trainer">One of <see cref="Trainers.Names"/>.</param>
/// <param name="seed">Seed of the sampling.</param>
/// <param name="images">How many labeled images there are.</param>
/// <param name="featureSize">The size in pixels that features are computed at.</param>
internal sealed class PixelClassifier(
    MLContext ml,
    string trainer,
    int seed,
    int images,
    (int Height, int Width) featureSize
)
{
    /// <summary>As <see cref="PixelWiseOptions.Stride"/>.</summary>
    public int? Stride { get; init; }

    /// <summary>As <see cref="PixelWiseOptions.FollowEdges"/>.</summary>
    public bool FollowEdges { get; init; }

    /// <summary>Trains on the features of a network.</summary>
    /// <param name="train">Rows as <see cref="LabeledData"/> gives them.</param>
    /// <param name="model">The network.</param>
    /// <param name="motion">Whether the motion since the predecessor is a feature, too.</param>
    /// <returns>From images to masks; needs nothing but images.</returns>
    public ITransformer Train(IDataView train, TdvModel model, bool motion)
    {
        var features = new TdvFeatureOptions
        {
            ImageHeight = featureSize.Height,
            ImageWidth = featureSize.Width,
            Layers = Defaults.Layers(model.Depth),
            MotionColumnName = motion ? Columns.Motion : null,
            PreviousFrameColumnName = Columns.PreviousFrame,
        };
        return ml
            .Transforms.TdvFeaturize(Columns.Features, Columns.Frame, model, features)
            .Append(Painter(motion ? [Columns.Features, Columns.Motion] : [Columns.Features], position: true))
            .Fit(train);
    }

    /// <summary>Trains without any network.</summary>
    /// <param name="train">Rows as <see cref="LabeledData"/> gives them.</param>
    /// <param name="patchSize">The edge of a patch in pixels, as the network has it.</param>
    public ITransformer TrainOnColor(IDataView train, int patchSize) =>
        ml
            .Transforms.ColorFeaturize(
                Columns.Color,
                Columns.Frame,
                featureSize.Height / patchSize,
                featureSize.Width / patchSize
            )
            .Append(Painter([Columns.Color], position: false))
            .Fit(train);

    private PixelWiseTrainer Painter(IReadOnlyList<string> features, bool position) =>
        ml.MulticlassClassification.Trainers.PixelWise(
            Trainers.Create(ml, trainer),
            new PixelWiseOptions
            {
                FeatureColumnNames = features,
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
