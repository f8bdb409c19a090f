namespace Tdv.MLNet;

/// <summary>Whether the features still keep apart what is different: what a collapse would show in.</summary>
/// <param name="Step">The step after which it was measured.</param>
/// <param name="Deviation">
/// Standard deviation of the patches' features, each of length 1, in the mean over their dimensions and relative to
/// 1/√D: 1 where they point everywhere, 0 where all are the same.
/// </param>
/// <param name="EffectiveRank">
/// Dimensions that the patches' features make use of: the exponential of the entropy of their covariance's eigenvalues;
/// at most D.
/// </param>
/// <param name="TeacherEntropy">
/// Mean entropy of the teacher's distribution over prototypes, relative to its largest possible value: 0 where it knows
/// one prototype only, 1 where it tells none apart.
/// </param>
public sealed record FeatureHealth(int Step, double Deviation, double EffectiveRank, double TeacherEntropy)
{
    /// <summary>What the features differ by; null in the report of an earlier version.</summary>
    public FeatureSpread? Spread { get; init; }

    /// <summary>
    /// The same of the network as it was before its first step, on the same frames: what <see cref="Spread"/> is to be
    /// compared with. Null in the report of an earlier version.
    /// </summary>
    public FeatureSpread? Untrained { get; init; }
}
