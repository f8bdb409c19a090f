using Microsoft.ML;

namespace Tdv.MLNet;

/// <summary>
/// Watches a training on frames that nothing is learned from, and keeps the weights that know most of them. What counts is
/// <see cref="VideoMetrics.PredictedInformation"/>, the bits of the next frame that are predicted: it falls with a
/// prediction that fails as well as with features that collapse.
/// </summary>
public sealed record TdvValidation
{
    /// <summary>
    /// Rows with the image columns that the training has, of videos that it does not learn from. As in
    /// <c>EvaluateVideo</c>, a text column "Video" tells videos apart.
    /// </summary>
    public required IDataView Data { get; init; }

    /// <summary>Frame pairs that are looked at, at most, chosen among all rows; they stay in memory. Default: 128.</summary>
    public int Pairs { get; init; } = 128;

    /// <summary>Steps from one measurement to the next; the last step is measured, too. Default: a twentieth of all.</summary>
    public int? EverySteps { get; init; }

    /// <summary>
    /// Whether the model gets the weights of the best measurement after the warm-up instead of the last step's. A training
    /// that is stopped by its token keeps those that it has. Default: true.
    /// </summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>
    /// Ends the training early: after so many measurements in a row, none better than the best before, the warm-up's not
    /// counted. Since the learning
    /// rate falls to the end, few steps by plan are mostly better than many that are cut short. Default: never.
    /// </summary>
    public int? Patience { get; init; }
}
