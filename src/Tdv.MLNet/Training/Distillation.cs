using Tdv.MLNet.Interop;
using Tdv.MLNet.Model;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// The cross entropy between the teacher's and the student's distribution over prototypes (reference §6), computed in
/// chunks of tokens, gradients included, so that the logits <c>[n, K]</c> never exist all at once.
/// </summary>
internal sealed class Distillation(Center center, DistillationOptions options)
{
    /// <summary>Tokens whose logits exist at the same time.</summary>
    private const long Chunk = 256;

    /// <summary>What the weights of a batch add up to at least, so that a batch without any has no loss.</summary>
    private const double SmallestSum = 1e-6;

    public Center Center => center;

    /// <summary>
    /// Computes the mean loss, adds <paramref name="weight"/> times its gradient to the student's parameters and
    /// tokens, and then updates the center.
    /// </summary>
    /// <param name="student">Tokens that require gradients, <c>[n, D]</c>.</param>
    /// <param name="teacher">Tokens, <c>[n, D]</c>.</param>
    /// <returns>The unweighted mean loss, a scalar.</returns>
    public DistillationResult Backward(
        Tensor student,
        ProjectionHead studentHead,
        Tensor teacher,
        ProjectionHead teacherHead,
        double weight
    )
    {
        var bottleneck = studentHead.Bottleneck(student);
        var prototypes = studentHead.Prototypes();
        Tensor teacherBottleneck;
        Tensor teacherPrototypes;
        using (no_grad())
        {
            teacherBottleneck = teacherHead.Bottleneck(teacher);
            teacherPrototypes = teacherHead.Prototypes();
        }

        var result = Evaluate(bottleneck, prototypes, teacherBottleneck, teacherPrototypes, weight);
        autograd.backward([bottleneck, prototypes], [result.BottleneckGradient, result.PrototypeGradient]);
        return result;
    }

    /// <summary>Loss and gradients for logits that are products of bottleneck vectors and prototypes; updates the center.</summary>
    /// <param name="tokenWeights">What each token counts in the mean, <c>[n]</c>; null: all the same.</param>
    internal DistillationResult Evaluate(
        Tensor bottleneck,
        Tensor prototypes,
        Tensor teacherBottleneck,
        Tensor teacherPrototypes,
        double weight,
        Tensor? tokenWeights = null
    )
    {
        using var gradients = no_grad();
        long count = bottleneck.size(0);
        double scale = weight / (options.StudentTemperature * count);
        var bottleneckGradient = empty_like(bottleneck);
        var prototypeGradient = zeros_like(prototypes);
        var loss = zeros([], dtype: bottleneck.dtype, device: bottleneck.device);
        var shift = options.Centering ? center.Values.view(1, -1).Times(1 / options.TeacherTemperature) : null;
        var shares = tokenWeights is null
            ? null
            : tokenWeights.Times(count / Math.Max(tokenWeights.sum().Value(), SmallestSum));
        for (long start = 0; start < count; start += Chunk)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(Chunk, count - start);
            var vectors = bottleneck.narrow(0, start, length);
            var logits = vectors.Times(1 / options.StudentTemperature).matmul(prototypes.t());
            var teacherVectors = teacherBottleneck.narrow(0, start, length).Times(1 / options.TeacherTemperature);
            var target = teacherVectors.matmul(teacherPrototypes.t());
            if (shift is not null)
            {
                target.sub_(shift);
            }

            target = target.softmax(-1);
            var sums = logits.logsumexp(-1);
            var residual = logits.softmax(-1).sub_(target).Multiply(scale);
            if (shares?.narrow(0, start, length) is { } share)
            {
                sums.mul_(share);
                target.mul_(share.unsqueeze(1));
                residual.mul_(share.unsqueeze(1));
            }

            loss.Add(sums.sum() - logits.view(-1).dot(target.view(-1)));
            bottleneckGradient.narrow(0, start, length).copy_(residual.matmul(prototypes));
            prototypeGradient.addmm_(residual.t(), vectors);
        }

        if (options.Centering)
        {
            center.Update(teacherBottleneck, teacherPrototypes);
        }

        return new DistillationResult(loss.Divide(count), bottleneckGradient, prototypeGradient);
    }
}
