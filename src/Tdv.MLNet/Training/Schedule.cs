namespace Tdv.MLNet.Training;

/// <summary>The learning rate as a pure function of the step: linear warm-up, then a cosine (reference §8).</summary>
/// <param name="Peak">Rate at the end of the warm-up.</param>
/// <param name="WarmUpSteps">Steps of the warm-up, W.</param>
/// <param name="TotalSteps">Step at which the cosine reaches its floor.</param>
/// <param name="Floor">Lowest rate, the same for every group whatever its multiplier.</param>
/// <param name="WarmUpDivider">The warm-up begins at the peak divided by this, greater than 0; null: at 0.</param>
internal sealed record Schedule(
    double Peak,
    int WarmUpSteps,
    int TotalSteps,
    double Floor,
    double? WarmUpDivider = null
)
{
    /// <param name="step">Optimizer step, from 0.</param>
    /// <param name="multiplier">The group's share of the peak.</param>
    public double LearningRate(long step, double multiplier = 1)
    {
        double peak = Peak * multiplier;
        if (step + 1 <= WarmUpSteps)
        {
            double start = WarmUpDivider is { } divider ? peak / divider : 0;
            return start + ((peak - start) * (step + 1) / WarmUpSteps);
        }

        // Not clamped beyond TotalSteps: the official cosine rises again, and so does this one.
        double progress = (double)(step + 1 - WarmUpSteps) / (TotalSteps - WarmUpSteps);
        return Floor + ((peak - Floor) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }
}
