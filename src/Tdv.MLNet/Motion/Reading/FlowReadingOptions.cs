using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>What <c>ReadFlow</c> learns to read flow from, and how.</summary>
public sealed record FlowReadingOptions
{
    private const int MostWidth = 1024;

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

    /// <summary>Numbers of a cell between the layers, from 1 to 1024. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>
    /// Passes over the rows, 1 or more. The weights after the pass whose error is least on every tenth row, kept back,
    /// are kept. Cache rows whose features take long to compute. Default 20.
    /// </summary>
    public int Passes { get; init; } = 20;

    /// <summary>AdamW's, at its peak; above 0. Default 0.001.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Of the first weights and the order of rows. Null: the seed of the MLContext, else 0.</summary>
    public int? Seed { get; init; }

    internal void Check(Faults faults)
    {
        faults.Check(
            FeatureColumnNames is { Count: > 0 } && !FeatureColumnNames.Any(string.IsNullOrWhiteSpace),
            "FeatureColumnNames must hold at least one name and no empty one."
        );
        faults.Check(!string.IsNullOrWhiteSpace(LabelColumnName), "LabelColumnName is empty.");
        faults.Check(Width is >= 1 and <= MostWidth, $"Width is {Width}; 1 to {MostWidth} are expected.");
        faults.Check(Passes >= 1, $"Passes is {Passes}; at least 1 is expected.");
        faults.Check(
            LearningRate is > 0 and < double.PositiveInfinity,
            FormattableString.Invariant($"LearningRate is {LearningRate}; it must be above 0 and finite.")
        );
    }
}
