using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Pretraining;

/// <summary>Tells how a training goes: every step to the program, a line now and then to the log.</summary>
internal sealed class TrainingLog(IProgress<StepReport>? progress, TrainingOptions training, IChannel channel)
{
    /// <summary>Lines in the log over a whole training.</summary>
    private const int Lines = 20;
    private readonly HealthAdvice _advice = new();

    /// <summary>As last measured.</summary>
    public FeatureHealth? Health { get; set; }

    public void Report(long step, StepResult result, TrainingPace pace, PairSource source)
    {
        int steps = training.Steps;
        var report = new StepReport
        {
            Step = (int)step,
            Steps = steps,
            Loss = result.Loss,
            MeanSquaredError = result.MeanSquaredError,
            ClsLoss = result.ClsLoss,
            PatchLoss = result.PatchLoss,
            PredictionGain = result.PredictionGain,
            LearningRate = result.LearningRate,
            GradientNorm = result.GradientNorm,
            PairsPerSecond = pace.PairsPerSecond,
            Elapsed = pace.Elapsed,
            Remaining = pace.Remaining(steps - step),
            Pass = source.Position!.Pass,
            Waiting = source.Waited,
            Health = Health!,
        };
        progress?.Report(report);
        if (step == 1 || step == steps || step * Lines / steps != (step - 1) * Lines / steps)
        {
            MLNetInternals.Info(
                channel,
                $"step {step}/{steps}  loss {report.Loss:F3}  prediction gain {report.PredictionGain:F3}  "
                    + $"effective rank {report.Health.EffectiveRank:F1}  {report.PairsPerSecond:F1} pairs/s  "
                    + $"{report.Remaining:d\\.hh\\:mm\\:ss} left"
            );
        }

        foreach (string warning in _advice.On(report, training.Schedule.WarmUpSteps))
        {
            MLNetInternals.Warn(channel, warning);
        }
    }

    public void Stopped(long step, string? checkpoints) =>
        MLNetInternals.Warn(
            channel,
            $"Pretraining was stopped after {step} of {training.Steps} steps; the model keeps what it learned."
                + (checkpoints is null ? "" : $" Started again with '{checkpoints}', it goes on from there.")
        );
}
