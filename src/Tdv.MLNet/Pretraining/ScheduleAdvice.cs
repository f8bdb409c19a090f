using Tdv.MLNet.Training;

namespace Tdv.MLNet.Pretraining;

/// <summary>Says when a training ends before its learning rate has done what it is for.</summary>
internal static class ScheduleAdvice
{
    /// <summary>Of the peak; a rate that ends above it has not come down.</summary>
    private const double High = 0.5;

    public static IEnumerable<string> On(TdvOptions options, TrainingOptions training)
    {
        var schedule = training.Schedule;
        int steps = training.Steps;
        int tenth = Math.Max(1, steps / 10);
        if (schedule.WarmUpSteps >= steps)
        {
            yield return $"The learning rate still rises when the training ends: WarmUpSteps is {schedule.WarmUpSteps}, Steps is "
                + $"{steps}, and the last rate is {Share(steps)} of LearningRate. Set WarmUpSteps, for instance to {tenth}.";
        }
        else if (schedule.WarmUpSteps > steps / 2)
        {
            yield return $"The learning rate rises for more than half of the training: WarmUpSteps is {schedule.WarmUpSteps}, Steps "
                + $"is {steps}. Set WarmUpSteps, for instance to {tenth}.";
        }
        else if (options.Steps is not null && schedule.LearningRate(steps - 1) > High * schedule.Peak)
        {
            yield return $"The learning rate hardly falls: the schedule of {options.Preset} is the published one, of "
                + $"{schedule.TotalSteps} steps, and after your {steps} it is {Share(steps)} of LearningRate. "
                + "The paper trains so; for a short training, TdvPreset.Tiny's schedule ends with its steps.";
        }

        string Share(int step) =>
            FormattableString.Invariant($"{schedule.LearningRate(step - 1) / schedule.Peak:0.##}");
    }
}
