using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>The losses of one forward pass, scalars on the training device.</summary>
/// <param name="Total">The weighted sum.</param>
/// <param name="MeanSquaredError">MSE between prediction and target.</param>
/// <param name="Cls">Cross entropy of the CLS tokens.</param>
/// <param name="Patch">Cross entropy of the patch tokens.</param>
/// <param name="CopyError">MSE between this frame's representation and the target: what "nothing moves" would cost.</param>
/// <param name="Variance">The regularization's variance term; null: it is off.</param>
/// <param name="Covariance">The regularization's covariance term; null: it is off.</param>
internal sealed record StepLosses(
    Tensor Total,
    Tensor MeanSquaredError,
    Tensor Cls,
    Tensor Patch,
    Tensor CopyError,
    Tensor? Variance = null,
    Tensor? Covariance = null
);
