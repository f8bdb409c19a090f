using System.Globalization;
using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>The figures of one optimizer step, averaged over its batches.</summary>
internal sealed record StepResult(
    double Loss,
    double MeanSquaredError,
    double ClsLoss,
    double PatchLoss,
    double CopyError,
    double VarianceLoss,
    double CovarianceLoss,
    double GradientNorm,
    double LearningRate
)
{
    /// <summary>1 − MSE / MSE of copying this frame.</summary>
    public double PredictionGain => Gain.Of(MeanSquaredError, CopyError);

    /// <exception cref="InvalidOperationException">A loss or the gradient is not finite; the message says which.</exception>
    public void RequireFinite(long step, FlatParameters student)
    {
        string[] wrong =
        [
            .. new[]
            {
                (Name: "the mean squared error", Value: MeanSquaredError),
                (Name: "the CLS loss", Value: ClsLoss),
                (Name: "the patch loss", Value: PatchLoss),
                (Name: "the variance loss", Value: VarianceLoss),
                (Name: "the covariance loss", Value: CovarianceLoss),
                (Name: "the gradient's norm", Value: GradientNorm),
            }
                .Where(term => !double.IsFinite(term.Value))
                .Select(term => $"{term.Name} is {term.Value.ToString(CultureInfo.InvariantCulture)}"),
        ];
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException(
                $"Training diverged at step {step}: {string.Join(", ", wrong)}{Where(student)}. The weights were left as "
                    + $"they were after step {step - 1}. Begin anew with a lower TdvOptions.LearningRate or more "
                    + "WarmUpSteps; if it happens at the first step, look at the frames."
            );
        }
    }

    public static StepResult From(IReadOnlyList<StepLosses> losses, double gradientNorm, double learningRate) =>
        new(
            losses.Average(loss => loss.Total.Value()),
            losses.Average(loss => loss.MeanSquaredError.Value()),
            losses.Average(loss => loss.Cls.Value()),
            losses.Average(loss => loss.Patch.Value()),
            losses.Average(loss => loss.CopyError.Value()),
            losses.Average(loss => loss.Variance?.Value() ?? 0),
            losses.Average(loss => loss.Covariance?.Value() ?? 0),
            gradientNorm,
            learningRate
        );

    private static string Where(FlatParameters student)
    {
        using var scope = NewDisposeScope();
        string[] groups = ["frame encoder and heads", "motion encoder"];
        string[] wrong =
        [
            .. groups.Where(
                (_, i) =>
                    student
                        .Gradient!.narrow(0, student.Groups[i].Offset, student.Groups[i].Length)
                        .isfinite()
                        .all()
                        .Value() == 0
            ),
        ];
        return wrong.Length == 0 ? "" : $" (in the gradient of {string.Join(" and ", wrong)})";
    }
}
