using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <param name="Loss">Mean over the tokens, a scalar, unweighted.</param>
/// <param name="BottleneckGradient">Weighted gradient, <c>[n, bottleneck]</c>.</param>
/// <param name="PrototypeGradient">Weighted gradient, <c>[K, bottleneck]</c>.</param>
internal sealed record DistillationResult(Tensor Loss, Tensor BottleneckGradient, Tensor PrototypeGradient);
