using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>What <c>ReadFlow</c> learns to read flow from, and how.</summary>
public sealed record FlowReadingOptions
{
    private const int MostNeighbors = 8;

    /// <summary>
    /// Feature columns, <c>Vector&lt;Single, gridHeight, gridWidth, D&gt;</c>, put side by side on the finest of their grids.
    /// Default: "Motion", the encoded motion that <see cref="TdvFeatureOptions.MotionColumnName"/> asks for.
    /// </summary>
    public IReadOnlyList<string> FeatureColumnNames { get; init; } = ["Motion"];

    /// <summary>
    /// The true flow, <c>Vector&lt;Single, gridHeight, gridWidth, 2&gt;</c> on the same grid: to the right and down, in
    /// pixels, from the previous frame to the frame. NaN where it is not known. Needed to fit alone. Default "Flow".
    /// </summary>
    public string LabelColumnName { get; init; } = "Flow";

    /// <summary>
    /// Cells to each side whose features are read too, from 0 to 8; beyond the border those of the border are repeated. The
    /// time and the memory of a fit grow with the square of all numbers read for a cell. Default 1, a square of 3 × 3 cells.
    /// </summary>
    public int Neighborhood { get; init; } = 1;

    /// <summary>
    /// The strength λ of the ridge penalty on the weights of standardized features, beside the mean squared error, in which
    /// a cell counts by the inverse of its flow's length, at least half a pixel: as many moves are short, and what is to
    /// be small is the end-point error, not its square. Null:
    /// that of 10⁻⁶, 10⁻⁵, …, 100 whose error on every fifth row, kept back, is least; all rows are then fitted with it.
    /// </summary>
    public double? Regularization { get; init; }

    internal void Check(Faults faults)
    {
        faults.Check(
            FeatureColumnNames is { Count: > 0 } && !FeatureColumnNames.Any(string.IsNullOrWhiteSpace),
            "FeatureColumnNames must hold at least one name and no empty one."
        );
        faults.Check(!string.IsNullOrWhiteSpace(LabelColumnName), "LabelColumnName is empty.");
        faults.Check(
            Neighborhood is >= 0 and <= MostNeighbors,
            $"Neighborhood is {Neighborhood}; 0 to {MostNeighbors} are expected."
        );
        faults.Check(
            Regularization is null or (> 0 and < double.PositiveInfinity),
            FormattableString.Invariant($"Regularization is {Regularization}; it must be above 0 and finite, or null.")
        );
    }
}
