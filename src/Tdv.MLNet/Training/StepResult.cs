using Tdv.MLNet.Interop;
using TorchSharp;

namespace Tdv.MLNet.Training;

/// <summary>The figures of one optimizer step, averaged over its batches.</summary>
internal sealed record StepResult(
    double Loss,
    double MeanSquaredError,
    double ClsLoss,
    double PatchLoss,
    double CopyError,
    double GradientNorm,
    double LearningRate
)
{
    /// <summary>1 − MSE / MSE of copying this frame.</summary>
    public double PredictionGain => 1 - (MeanSquaredError / CopyError);

    public static StepResult From(IReadOnlyList<StepLosses> losses, double gradientNorm, double learningRate) =>
        new(
            losses.Average(loss => loss.Total.Value()),
            losses.Average(loss => loss.MeanSquaredError.Value()),
            losses.Average(loss => loss.Cls.Value()),
            losses.Average(loss => loss.Patch.Value()),
            losses.Average(loss => loss.CopyError.Value()),
            gradientNorm,
            learningRate
        );
}
