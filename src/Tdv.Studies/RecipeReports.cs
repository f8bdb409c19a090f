using Tdv.MLNet;
using Tdv.MLNet.Training;
using Tdv.Tool.Output;

namespace Tdv.Studies;

/// <summary>Shows a training now and then, and keeps how it ended.</summary>
internal sealed class RecipeReports : IProgress<StepReport>
{
    private const int Lines = 30;
    private readonly StepReports _gains = new();
    private StepReport? _last;

    public void Report(StepReport value)
    {
        _gains.Report(value);
        _last = value;
        if (value.Step == 1 || value.Step * Lines / value.Steps != (value.Step - 1) * Lines / value.Steps)
        {
            Terminal.Line(
                FormattableString.Invariant(
                    $"step {value.Step}/{value.Steps}  loss {value.Loss:F3}  variance {value.VarianceLoss:F3}  covariance {value.CovarianceLoss:F3}  gain {Gain.Text(value.PredictionGain, 3)}  rank {value.Health.EffectiveRank:F1} within a frame {value.Health.Spread?.FrameRank:F1} between videos {value.Health.Spread?.VideoRank:F1} (untrained {value.Health.Untrained?.EffectiveRank:F1} {value.Health.Untrained?.FrameRank:F1} {value.Health.Untrained?.VideoRank:F1})  pass {value.Pass + 1}  {value.PairsPerSecond:F1} pairs/s  {value.Elapsed:h\\:mm\\:ss}, {value.Remaining:h\\:mm\\:ss} left"
                )
            );
        }
    }

    /// <summary>Of the end of the training; none where all of it was over before a resumption.</summary>
    public Dictionary<string, double> Figures() =>
        _last is null
            ? []
            : new() { ["gainInTraining"] = _gains.LastGain, ["seconds"] = Math.Round(_last.Elapsed.TotalSeconds) };
}
