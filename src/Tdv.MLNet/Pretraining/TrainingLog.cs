using System.Diagnostics;
using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Pretraining;

/// <summary>Tells how a training goes: every step to the program, a line now and then to the log.</summary>
/// <param name="before">Time that was spent before a resumption.</param>
internal sealed class TrainingLog(
    IProgress<StepReport>? progress,
    TrainingOptions training,
    IChannel channel,
    TimeSpan before
)
{
    /// <summary>Lines in the log over a whole training.</summary>
    private const int Lines = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly int _pairsPerStep = training.BatchSize * training.Accumulation;
    private readonly HealthAdvice _advice = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<TimeSpan> _recent = new();

    /// <summary>As last measured.</summary>
    public FeatureHealth? Health { get; set; }

    /// <summary>Time spent training, over all starts.</summary>
    public TimeSpan Elapsed => before + _clock.Elapsed;

    public void Report(long step, StepResult result, PairSource source)
    {
        int steps = training.Steps;
        double pairsPerSecond = PairsPerSecond();
        var report = new StepReport
        {
            Step = (int)step,
            Steps = steps,
            Loss = result.Loss,
            MeanSquaredError = result.MeanSquaredError,
            ClsLoss = result.ClsLoss,
            PatchLoss = result.PatchLoss,
            VarianceLoss = result.VarianceLoss,
            CovarianceLoss = result.CovarianceLoss,
            PredictionGain = result.PredictionGain,
            LearningRate = result.LearningRate,
            GradientNorm = result.GradientNorm,
            PairsPerSecond = pairsPerSecond,
            Elapsed = Elapsed,
            Remaining = TimeSpan.FromSeconds((steps - step) * _pairsPerStep / pairsPerSecond),
            Pass = source.Position!.Pass,
            Waiting = source.Waited,
            Health = Health!,
        };
        string[] warnings = [.. _advice.On(report, training.Schedule.WarmUpSteps)];
        progress?.Report(report with { Warnings = warnings });
        if (step == 1 || step == steps || step * Lines / steps != (step - 1) * Lines / steps)
        {
            MLNetInternals.Info(
                channel,
                FormattableString.Invariant(
                    $"step {step}/{steps}  loss {report.Loss:F3}  {Regularization(report)}prediction gain {Gain.Text(report.PredictionGain, 3)}  "
                )
                    + FormattableString.Invariant(
                        $"effective rank {Rank(report.Health)}  {report.PairsPerSecond:F1} pairs/s  {report.Remaining:d\\.hh\\:mm\\:ss} left"
                    )
            );
        }

        foreach (string warning in warnings)
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

    private static string Rank(FeatureHealth health) =>
        health.Untrained is { } untrained
            ? FormattableString.Invariant($"{health.EffectiveRank:F1} (untrained {untrained.EffectiveRank:F1})")
            : FormattableString.Invariant($"{health.EffectiveRank:F1}");

    private string Regularization(StepReport report) =>
        training.Objective.Regularization.IsOn
            ? FormattableString.Invariant($"variance {report.VarianceLoss:F3}  covariance {report.CovarianceLoss:F3}  ")
            : "";

    /// <summary>Over the last seconds, with the step that is now done.</summary>
    private double PairsPerSecond()
    {
        var now = _clock.Elapsed;
        _recent.Enqueue(now);
        while (_recent.Count > 2 && now - _recent.Peek() > Window)
        {
            _recent.Dequeue();
        }

        return _recent.Count > 1
            ? (_recent.Count - 1) * _pairsPerStep / (now - _recent.Peek()).TotalSeconds
            : _pairsPerStep / now.TotalSeconds;
    }
}
