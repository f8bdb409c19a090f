using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Which pixels <c>ExpandPixels</c> takes of each image and what a pixel's row holds.</summary>
public sealed record PixelExpansionOptions
{
    /// <summary>The mask column, <c>Vector&lt;Key&gt;</c>, row-major height × width. Default "Mask".</summary>
    public string LabelColumnName { get; init; } = "Mask";

    /// <summary>
    /// Feature columns, <c>Vector&lt;Single, gridHeight, gridWidth, D&gt;</c>. Their features are put side by side on the
    /// finest of their grids, to which those of coarser ones are interpolated. Default "Features".
    /// </summary>
    public IReadOnlyList<string> FeatureColumnNames { get; init; } = ["Features"];

    /// <summary>
    /// The image whose size the mask has. Null: masks lie on the feature grid and have its size. Default "Frame".
    /// </summary>
    public string? ImageColumnName { get; init; } = "Frame";

    /// <summary>Pixels taken of each image at most, 1 or more. Default 2,000.</summary>
    public int SamplesPerImage { get; init; } = 2000;

    /// <summary>
    /// 0: classes are sampled as often as they occur in an image; 1: every class of an image equally often. In between,
    /// a class's share is its frequency to the power of 1 − ClassBalance. Default 0.5.
    /// </summary>
    public float ClassBalance { get; init; } = 0.5f;

    /// <summary>Append y, x, y², x², xy of the grid cell, y and x from -1 to 1, to the features. Default true.</summary>
    public bool PositionFeatures { get; init; } = true;

    /// <summary>Seed of the sampling. Null: the seed of the MLContext, else 0.</summary>
    public int? Seed { get; init; }

    internal void Check(Faults faults)
    {
        faults.Check(!string.IsNullOrWhiteSpace(LabelColumnName), "LabelColumnName is empty.");
        faults.Check(
            FeatureColumnNames is { Count: > 0 } && !FeatureColumnNames.Any(string.IsNullOrWhiteSpace),
            "FeatureColumnNames must hold at least one name and no empty one."
        );
        faults.Check(SamplesPerImage >= 1, $"SamplesPerImage is {SamplesPerImage}; at least 1 is expected.");
        faults.Check(
            ClassBalance is >= 0 and <= 1,
            FormattableString.Invariant($"ClassBalance is {ClassBalance}; 0 to 1 is expected.")
        );
    }
}
