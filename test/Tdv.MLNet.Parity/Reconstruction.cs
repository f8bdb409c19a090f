using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>The official distance between predicted and actual representations in all its forms (reference §6).</summary>
/// <param name="center">Subtracted from targets, <c>[1, 1, D]</c>, and moved by them; null leaves them as they are.</param>
internal sealed class Reconstruction(
    bool smoothL1,
    double predictionTemperature,
    double targetTemperature,
    Center? center
)
{
    /// <summary>Computes the mean loss and its gradient, and then updates the center.</summary>
    /// <param name="prediction"><c>[..., D]</c></param>
    /// <param name="target"><c>[..., D]</c></param>
    /// <param name="weight">Factor of the gradient.</param>
    /// <returns>A scalar, and <c>[..., D]</c>.</returns>
    public (Tensor Loss, Tensor Gradient) Evaluate(Tensor prediction, Tensor target, double weight)
    {
        using var gradients = no_grad();
        var sharpened = prediction / predictionTemperature;
        var centered = (center is null ? target : target - center.Values.view(-1)) / targetTemperature;
        center?.Update(target.flatten(0, -2), eye(target.size(-1), dtype: target.dtype));
        weight /= predictionTemperature;
        if (!smoothL1)
        {
            return TdvObjective.SquaredError(sharpened, centered, weight);
        }

        var error = sharpened - centered;
        return (nn.functional.smooth_l1_loss(sharpened, centered), error.clamp(-1, 1) * (weight / error.numel()));
    }
}
