using Tdv.MLNet.Interop;

namespace Tdv.MLNet.PixelWise;

/// <summary>How <c>PixelWise</c> trains a row classifier on pixels and paints masks with it.</summary>
public sealed record PixelWiseOptions
{
    /// <summary>The mask column, <c>Vector&lt;Key&gt;</c>, row-major height × width. Default "Mask".</summary>
    public string LabelColumnName { get; init; } = "Mask";

    /// <summary>
    /// Feature columns, <c>Vector&lt;Single, gridHeight, gridWidth, D&gt;</c>, on the same grid; their features are put
    /// side by side. Default "Features".
    /// </summary>
    public IReadOnlyList<string> FeatureColumnNames { get; init; } = ["Features"];

    /// <summary>
    /// The image whose size the mask has. Null: masks lie on the feature grid and have its size. Default "Frame".
    /// </summary>
    public string? ImageColumnName { get; init; } = "Frame";

    /// <summary>The predicted mask, <c>Vector&lt;Key&gt;</c>, row-major height × width. Default "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The scores on the grid, <c>Vector&lt;Single, gridHeight, gridWidth, classes&gt;</c>. Default "Score".</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>Pixels taken of each image at most, 1 or more. Default 2,000.</summary>
    public int SamplesPerImage { get; init; } = 2000;

    /// <summary>
    /// 0: classes are sampled as often as they occur in an image; 1: every class of an image equally often. In between,
    /// a class's share is its frequency to the power of 1 − ClassBalance. Default 0.5.
    /// </summary>
    public float ClassBalance { get; init; } = 0.5f;

    /// <summary>
    /// Standardize the features and whiten them by principal components, computed from the sampled pixels. Default true:
    /// without it linear classifiers stop long before they have converged.
    /// </summary>
    public bool Whiten { get; init; } = true;

    /// <summary>Append y, x, y², x², xy of the grid cell, y and x from -1 to 1, to the features. Default true.</summary>
    public bool PositionFeatures { get; init; } = true;

    /// <summary>Seed of the sampling. Null: the seed of the MLContext, else 0.</summary>
    public int? Seed { get; init; }

    internal PixelExpansionOptions Expansion =>
        new()
        {
            LabelColumnName = LabelColumnName,
            FeatureColumnNames = FeatureColumnNames,
            ImageColumnName = ImageColumnName,
            SamplesPerImage = SamplesPerImage,
            ClassBalance = ClassBalance,
            PositionFeatures = PositionFeatures,
            Seed = Seed,
        };

    internal void Validate()
    {
        var faults = new Faults();
        Expansion.Check(faults);
        faults.Check(!string.IsNullOrWhiteSpace(PredictedLabelColumnName), "PredictedLabelColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(ScoreColumnName), "ScoreColumnName is empty.");
        faults.Check(
            PredictedLabelColumnName != ScoreColumnName,
            $"PredictedLabelColumnName and ScoreColumnName are both '{ScoreColumnName}'."
        );
        faults.ThrowIfAny("PixelWise cannot work with these options:");
    }
}
