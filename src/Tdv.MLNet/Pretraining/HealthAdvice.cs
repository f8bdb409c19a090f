namespace Tdv.MLNet.Pretraining;

/// <summary>
/// Says in plain words when a training goes wrong, and what to change; each thing once until it is over. Limits lie
/// far from what healthy runs show: an effective rank of 3.5 and more, a deviation above 0.7.
/// </summary>
internal sealed class HealthAdvice
{
    public const double LowestRank = 1.5;
    public const double LowestDeviation = 0.1;
    public const double LowestEntropy = 0.01;
    public const double HighestEntropy = 0.999;

    /// <summary>Steps that the mean of the prediction gain reaches back, roughly.</summary>
    private const double GainSteps = 50;
    private readonly HashSet<string> _said = [];
    private double? _gain;

    /// <param name="report">Of every step, in order.</param>
    /// <param name="warmUpSteps">Steps in which a network may still look like an untrained one.</param>
    public IEnumerable<string> On(StepReport report, int warmUpSteps)
    {
        var health = report.Health;
        bool warm = report.Step > warmUpSteps;
        _gain = _gain is { } mean ? mean + ((report.PredictionGain - mean) / GainSteps) : report.PredictionGain;
        (bool Wrong, string Advice)[] checks =
        [
            (
                health.EffectiveRank < LowestRank || health.Deviation < LowestDeviation,
                "The features collapse: all patches get nearly the same ones, along one or two directions. Begin anew with "
                    + "a lower LearningRate or more WarmUpSteps, and look whether the videos show more than one scene."
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
                report.Step > Math.Max(warmUpSteps + GainSteps, report.Steps / 2.0) && _gain < 0,
                "Predictions are worse than 'nothing moves' after half of the training. Look whether the videos move, and "
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
                    $"Step {report.Step}: {advice} (deviation {health.Deviation:F2} of 1, effective rank {health.EffectiveRank:F1}, teacher entropy {health.TeacherEntropy:F3} of 1, prediction gain {_gain:F2})"
                );
            }
        }
    }
}
