using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Probing;

/// <summary>Features of labeled images, computed once for all that is trained on them.</summary>
/// <param name="ml">The context.</param>
/// <param name="features">What the features were computed by.</param>
/// <param name="train">Images to train on.</param>
/// <param name="test">Images to test with.</param>
/// <param name="position">Whether the probe gets the position, too.</param>
internal sealed class LabeledFeatures(
    MLContext ml,
    ImageFeatures features,
    FeatureCache train,
    FeatureCache test,
    bool position
)
{
    /// <param name="kinds">The kinds of features that count.</param>
    /// <param name="seed">Of the drawing of pixels.</param>
    /// <param name="neighbors">How many vote; 0: only the probe.</param>
    /// <param name="images">Images that have labels; null: all of them.</param>
    /// <param name="samplesPerImage">Pixels to learn from; null: as many as teach something.</param>
    public FeatureMetrics Evaluate(
        IReadOnlyList<string> kinds,
        int seed,
        int neighbors,
        IReadOnlyList<int>? images = null,
        int? samplesPerImage = null
    ) =>
        ml.MulticlassClassification.EvaluateFeatures(
            train.View(images),
            test.View(),
            new FeatureEvaluationOptions
            {
                Pixels = new PixelWiseOptions
                {
                    FeatureColumnNames = features.ColumnsOf(kinds),
                    LabelColumnName = Columns.Mask,
                    ImageColumnName = Columns.Frame,
                    SamplesPerImage = samplesPerImage ?? Defaults.SamplesPerImage(images?.Count ?? train.Count),
                    PositionFeatures = position,
                    Seed = seed,
                },
                Trainer = Trainers.Create(ml, Trainers.Lbfgs),
                Neighbors = neighbors,
            }
        );
}
