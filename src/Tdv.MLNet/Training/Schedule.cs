namespace Tdv.MLNet.Training;

/// <summary>The learning rate as a pure function of the step: linear warm-up, then a cosine (reference §8).</summary>
/// <param name="Peak">Rate at the end of the warm-up.</param>
/// <param name="WarmUpSteps">Steps of the warm-up, W.</param>
/// <param name="TotalSteps">Step at which the cosine reaches its floor.</param>
/// <param name="Floor">Lowest rate, the same for every group whatever its multiplier.</param>
internal sealed record Schedule(double Peak, int WarmUpSteps, int TotalSteps, double Floor)
{
    /// <param name="step">Optimizer step, from 0.</param>
    /// <param name="multiplier">The group's share of the peak.</param>
    public double LearningRate(long step, double multiplier = 1)
    {
        double peak = Peak * multiplier;
        if (step + 1 <= WarmUpSteps)
        {
            return peak * (step + 1) / WarmUpSteps;
        }

        // Not clamped beyond TotalSteps: the official cosine rises again, and so does this one.
        double progress = (double)(step + 1 - WarmUpSteps) / (TotalSteps - WarmUpSteps);
        return Floor + ((peak - Floor) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }
}
