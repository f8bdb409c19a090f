using Tdv.MLNet.Training;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// Says in plain words when a training goes wrong, and what to change; each thing once until it is over. What counts is
/// the untrained network, which keeps apart whatever differs in color and texture: features in fewer dimensions than its
/// own have given some of that up.
/// </summary>
internal sealed class HealthAdvice
{
    public const double LowestRank = 1.5;
    public const double LowestDeviation = 0.1;
    public const double LowestEntropy = 0.01;
    public const double HighestEntropy = 0.999;

    /// <summary>
    /// Of the untrained network's effective ranks on the same frames. Tiny without a regularization showed 0.43 to 0.61 over
    /// all patches in steps 50 to 300 (64 pixels, 8 pairs a step, real video, 2026-11-28).
    /// </summary>
    public const double LowestShare = 0.75;

    /// <summary>Steps that the mean of the prediction gain reaches back, roughly.</summary>
    private const double GainSteps = 50;
    private readonly HashSet<string> _said = [];
    private double _gain = double.NaN;

    /// <summary>All patches get nearly the same features.</summary>
    public static bool HasCollapsed(FeatureHealth health) =>
        health.EffectiveRank < LowestRank || health.Deviation < LowestDeviation;

    /// <summary>
    /// The ranks that have fallen below <see cref="LowestShare"/> of the untrained network's, in words; none where those are
    /// unknown.
    /// </summary>
    public static IReadOnlyList<string> LostRanks(FeatureHealth health) =>
        health is not { Spread: { } now, Untrained: { } before }
            ? []
            :
            [
                .. new[]
                {
                    (Name: "over all patches", Now: now.EffectiveRank, Before: before.EffectiveRank),
                    (Name: "within a frame", Now: now.FrameRank, Before: before.FrameRank),
                    (Name: "between videos", Now: now.VideoRank, Before: before.VideoRank),
                }
                    .Where(rank => rank.Now < LowestShare * rank.Before)
                    .Select(rank =>
                        FormattableString.Invariant($"{rank.Name} {rank.Now:F1}, untrained {rank.Before:F1}")
                    ),
            ];

    /// <param name="report">Of every step, in order.</param>
    /// <param name="warmUpSteps">Steps in which a network may still look like an untrained one.</param>
    public IEnumerable<string> On(StepReport report, int warmUpSteps)
    {
        var health = report.Health;
        bool warm = report.Step > warmUpSteps;
        AddGain(report.PredictionGain);
        (bool Wrong, string Advice)[] checks =
        [
            (
                HasCollapsed(health),
                "The features collapse: all patches get nearly the same ones, along one or two directions. Begin anew with "
                    + "a lower LearningRate or more WarmUpSteps, and look whether the videos show more than one scene."
            ),
            (
                warm && LostRanks(health).Count > 0,
                "The features use less than three quarters of the dimensions that the untrained network's did, so that they keep "
                    + "less apart than without a training. Begin anew with TdvOptions.Regularization (in tdv: "
                    + "--regularization) on, or with higher weights of it; more varied videos help, too."
            ),
            (
                warm && health.TeacherEntropy < LowestEntropy,
                "The teacher has made up its mind: each patch belongs to one prototype alone, which teaches the student "
                    + "little. Begin anew with a lower LearningRate."
            ),
            (
                warm && health.TeacherEntropy > HighestEntropy,
                "The teacher tells no prototypes apart, so that the student learns nothing from them. More steps or a "
                    + "higher LearningRate may help."
            ),
            (
                report.Step > Math.Max(warmUpSteps + GainSteps, report.Steps / 2.0) && !(_gain >= 0),
                "Predictions are no better than 'nothing moves' after half of the training. Look whether the videos move, and "
                    + "whether the frame interval is short enough to follow it."
            ),
        ];
        foreach (var (wrong, advice) in checks)
        {
            if (!wrong)
            {
                _said.Remove(advice);
            }
            else if (_said.Add(advice))
            {
                yield return FormattableString.Invariant(
                    $"Step {report.Step}: {advice} (deviation {health.Deviation:F2} of 1, effective rank {health.EffectiveRank:F1}{Untrained(health)}, teacher entropy {health.TeacherEntropy:F3} of 1, prediction gain {Gain.Text(_gain, 2)})"
                );
            }
        }
    }

    /// <summary>Steps in which nothing moves have none.</summary>
    private void AddGain(double gain)
    {
        if (!double.IsNaN(gain))
        {
            _gain = double.IsNaN(_gain) ? gain : _gain + ((gain - _gain) / GainSteps);
        }
    }

    private static string Untrained(FeatureHealth health) =>
        LostRanks(health) is { Count: > 0 } lost ? $" ({string.Join("; ", lost)})" : "";
}
