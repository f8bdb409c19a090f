using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>How <c>PixelWise</c> trains a row classifier on pixels and paints masks with it.</summary>
public sealed record PixelWiseOptions
{
    /// <summary>The mask column, <c>Vector&lt;Key&gt;</c>, row-major height × width. Default "Mask".</summary>
    public string LabelColumnName { get; init; } = "Mask";

    /// <inheritdoc cref="PixelExpansionOptions.FeatureColumnNames"/>
    public IReadOnlyList<string> FeatureColumnNames { get; init; } = ["Features"];

    /// <inheritdoc cref="PixelExpansionOptions.ImageColumnName"/>
    public string? ImageColumnName { get; init; } = "Frame";

    /// <summary>The predicted mask, <c>Vector&lt;Key&gt;</c>, row-major height × width. Default "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The scores on the grid, <c>Vector&lt;Single, gridHeight, gridWidth, classes&gt;</c>. Default "Score".</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>Pixels taken of each image at most, 1 or more. Default 2,000.</summary>
    public int SamplesPerImage { get; init; } = 2000;

    /// <inheritdoc cref="PixelExpansionOptions.ClassBalance"/>
    public float ClassBalance { get; init; } = 0.5f;

    /// <summary>
    /// Standardize the features and whiten them by principal components, computed from the sampled pixels. Default true:
    /// without it linear classifiers stop long before they have converged.
    /// </summary>
    public bool Whiten { get; init; } = true;

    /// <summary>Append y, x, y², x², xy of the grid cell, y and x from -1 to 1, to the features. Default true.</summary>
    public bool PositionFeatures { get; init; } = true;

    /// <summary>
    /// Null: the cells of the feature grid are classified and their scores interpolated. A number k, 1 or more: every
    /// k-th pixel along and across is classified from interpolated features, and the scores are interpolated between
    /// them. It sharpens models that are not linear, at a cost that grows with 1 / k²; linear ones hardly change.
    /// Saved with the model; <see cref="ScoreColumnName"/> stays on the grid. Default null.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>
    /// Masks follow the edges of the picture: a guided filter fits each class's probability to the colors around a
    /// pixel. Needs <see cref="ImageColumnName"/>. Saved with the model. Default false.
    /// </summary>
    public bool FollowEdges { get; init; }

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
        faults.Check(Stride is null or >= 1, $"Stride is {Stride}; at least 1 is expected, or null.");
        faults.Check(
            ImageColumnName is not null || (Stride is null && !FollowEdges),
            "Stride and FollowEdges are about a picture's pixels, but ImageColumnName is null."
        );
        faults.ThrowIfAny("PixelWise cannot work with these options:");
    }
}
