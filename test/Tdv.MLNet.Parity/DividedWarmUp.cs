using Tdv.MLNet.Training;

namespace Tdv.MLNet.Parity;

/// <summary>The official schedule (reference §8), whose warm-up may begin at a part of the peak instead of 0.</summary>
/// <param name="divider">What the peak is divided by, greater than 0; null: the warm-up begins at 0.</param>
internal sealed class DividedWarmUp(Schedule schedule, double? divider)
{
    /// <param name="step">Optimizer step, from 0.</param>
    /// <param name="multiplier">The group's share of the peak.</param>
    public double LearningRate(long step, double multiplier = 1)
    {
        double rate = schedule.LearningRate(step, multiplier);
        double start = schedule.Peak * multiplier / divider ?? 0;
        return step + 1 <= schedule.WarmUpSteps ? start + (rate * (1 - (1 / divider ?? 0))) : rate;
    }
}
