using Microsoft.ML;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>How <c>EvaluateFeatures</c> finds out what frozen features know of a picture's pixels.</summary>
public sealed record FeatureEvaluationOptions
{
    /// <summary>
    /// Columns, sampling and whitening; what concerns painting is not used. Default: those of
    /// <see cref="PixelWiseOptions"/>.
    /// </summary>
    public PixelWiseOptions Pixels { get; init; } = new();

    /// <summary>
    /// The probe, any multiclass trainer with the columns "Label" (key) and "Features". Default: L-BFGS maximum entropy
    /// until it has converged, which with whitened features is the usual linear probe.
    /// </summary>
    public IEstimator<ITransformer>? Trainer { get; init; }

    /// <summary>The nearest neighbors that vote on a cell; 0 does without them. Default 20.</summary>
    public int Neighbors { get; init; } = 20;

    /// <summary>A neighbor's vote counts exp(cosine similarity / temperature). Default 0.07.</summary>
    public double Temperature { get; init; } = 0.07;

    /// <summary>Sampled pixels that neighbors are sought among, at most; the time grows with them. Default 10,000.</summary>
    public int References { get; init; } = 10_000;

    internal void Validate()
    {
        var faults = new Faults();
        Pixels.Expansion.Check(faults);
        faults.Check(Neighbors >= 0, $"Neighbors is {Neighbors}; at least 1 is expected, or 0 to do without them.");
        faults.Check(
            Temperature > 0,
            FormattableString.Invariant($"Temperature is {Temperature}; it must be above 0.")
        );
        faults.Check(References >= 1, $"References is {References}; at least 1 is expected.");
        faults.ThrowIfAny("EvaluateFeatures cannot work with these options:");
    }
}
