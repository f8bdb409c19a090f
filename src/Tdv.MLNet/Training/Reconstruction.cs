using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// The distance between predicted and actual representations, a mean over all elements (reference §6). Its gradient is
/// written out, so that it needs no graph.
/// </summary>
/// <param name="center">Subtracted from targets, <c>[1, 1, D]</c>, and moved by them; null leaves them as they are.</param>
internal sealed class Reconstruction(ReconstructionOptions options, Center? center = null)
{
    /// <summary>Computes the mean loss and its gradient, and then updates the center.</summary>
    /// <param name="prediction"><c>[..., D]</c></param>
    /// <param name="target"><c>[..., D]</c></param>
    /// <param name="weight">Factor of the gradient.</param>
    /// <returns>
    /// The unweighted mean loss, a scalar, and <paramref name="weight"/> times its gradient with respect to the
    /// prediction, <c>[..., D]</c>.
    /// </returns>
    public (Tensor Loss, Tensor Gradient) Evaluate(Tensor prediction, Tensor target, double weight)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var centered = center is null ? target : target - center.Values.view(-1);
        var error = Sharpen(prediction, options.PredictionTemperature) - Sharpen(centered, options.TargetTemperature);
        center?.Update(target);
        double scale = weight / (options.PredictionTemperature * error.numel());
        var (loss, gradient) = options.SmoothL1
            ? (nn.functional.smooth_l1_loss(error, zeros_like(error)), error.clamp(-1, 1).Multiply(scale))
            : (error.square().mean(), error.Times(2 * scale));
        return (loss.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    private static Tensor Sharpen(Tensor values, double temperature) =>
        temperature == 1 ? values : values.Times(1 / temperature);
}
