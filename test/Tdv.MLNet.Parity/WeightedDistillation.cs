using Tdv.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>The official cross entropy in which tokens do not all count the same (reference §6), token by token.</summary>
internal sealed class WeightedDistillation(Center center, DistillationOptions options)
{
    /// <summary>What the weights of a batch add up to at least, so that a batch without any has no loss.</summary>
    private const double SmallestSum = 1e-6;

    private readonly Distillation _alone = new(center, options with { Centering = false });

    /// <summary><see cref="Distillation.Evaluate"/> with weights.</summary>
    /// <param name="weights">What each token counts in the mean, <c>[n]</c>.</param>
    public (Tensor Loss, Tensor BottleneckGradient, Tensor PrototypeGradient) Evaluate(
        Tensor bottleneck,
        Tensor prototypes,
        Tensor teacherBottleneck,
        Tensor teacherPrototypes,
        Tensor weights
    )
    {
        using var gradients = no_grad();
        var logits = teacherBottleneck.matmul(teacherPrototypes.t());
        var centered = options.Centering ? logits - center.Values.view(1, -1) : logits;
        var identity = eye(logits.size(1), dtype: logits.dtype);
        double sum = Math.Max(weights.sum().ToDouble(), SmallestSum);
        var loss = zeros([], dtype: logits.dtype);
        var bottleneckGradient = empty_like(bottleneck);
        var prototypeGradient = zeros_like(prototypes);
        for (long token = 0; token < bottleneck.size(0); token++)
        {
            double share = weights[token].ToDouble() / sum;
            var one = _alone.Evaluate(
                bottleneck.narrow(0, token, 1),
                prototypes,
                centered.narrow(0, token, 1),
                identity,
                share
            );
            loss += one.Loss * share;
            bottleneckGradient.narrow(0, token, 1).copy_(one.BottleneckGradient);
            prototypeGradient += one.PrototypeGradient;
        }

        if (options.Centering)
        {
            center.Update(teacherBottleneck, teacherPrototypes);
        }

        return (loss, bottleneckGradient, prototypeGradient);
    }
}
