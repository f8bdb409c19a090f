using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// The cross entropy between the teacher's and the student's distribution over prototypes (reference §6), computed in
/// chunks of tokens, gradients included, so that the logits <c>[n, K]</c> never exist all at once.
/// </summary>
internal sealed class Distillation(Center center, DistillationOptions options)
{
    /// <summary>Logits that exist at the same time: 16 MiB of floats, more would leave the processor's cache.</summary>
    internal long ChunkLogits { get; init; } = 1 << 22;

    /// <summary>
    /// Computes the mean loss, adds <paramref name="weight"/> times its gradient to the student's parameters and
    /// tokens, and then updates the center.
    /// </summary>
    /// <param name="student">Tokens that require gradients, <c>[n, D]</c>.</param>
    /// <param name="teacher">Tokens, <c>[n, D]</c>.</param>
    /// <returns>The unweighted mean loss, a scalar.</returns>
    public Tensor Backward(
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
        return result.Loss;
    }

    /// <summary>Loss and gradients for logits that are products of bottleneck vectors and prototypes; updates the center.</summary>
    /// <returns>
    /// The unweighted mean loss, a scalar, and the weighted gradients, <c>[n, bottleneck]</c> and <c>[K, bottleneck]</c>.
    /// </returns>
    internal (Tensor Loss, Tensor BottleneckGradient, Tensor PrototypeGradient) Evaluate(
        Tensor bottleneck,
        Tensor prototypes,
        Tensor teacherBottleneck,
        Tensor teacherPrototypes,
        double weight
    )
    {
        using var gradients = no_grad();
        long count = bottleneck.size(0);
        double scale = weight / (options.StudentTemperature * count);
        var bottleneckGradient = empty_like(bottleneck);
        var prototypeGradient = zeros_like(prototypes);
        var loss = zeros([], dtype: bottleneck.dtype, device: bottleneck.device);
        var shift = options.Centering ? center.Values.view(1, -1).Times(1 / options.TeacherTemperature) : null;
        var factors = MixedPrecision.Lower(prototypes);
        var teacherFactors = MixedPrecision.Lower(teacherPrototypes);
        long chunk = Math.Max(1, ChunkLogits / prototypes.size(0));
        for (long start = 0; start < count; start += chunk)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(chunk, count - start);
            var vectors = bottleneck.narrow(0, start, length);
            var logits = Logits(vectors, factors, options.StudentTemperature);
            var target = Target(teacherBottleneck.narrow(0, start, length), teacherFactors, shift);
            var residual = logits.softmax(-1);
            // The logarithm of the sum of exponentials, from what the softmax has already summed.
            var sums = logits.amax([-1]) - residual.amax([-1]).log();
            residual.sub_(target).Times_(scale);
            loss.Add_(sums.sum() - logits.view(-1).dot(target.view(-1)));
            residual = MixedPrecision.Lower(residual);
            bottleneckGradient.narrow(0, start, length).copy_(residual.matmul(factors));
            if (residual.dtype == prototypeGradient.dtype)
            {
                prototypeGradient.addmm_(residual.t(), vectors);
            }
            else
            {
                prototypeGradient.Add_(residual.t().matmul(MixedPrecision.Lower(vectors)));
            }
        }

        if (options.Centering)
        {
            center.Update(teacherBottleneck, teacherPrototypes);
        }

        return (loss.Divide_(count), bottleneckGradient, prototypeGradient);
    }

    /// <returns>The teacher's distribution, <c>[n, K]</c>.</returns>
    private Tensor Target(Tensor vectors, Tensor prototypes, Tensor? shift)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(vectors, prototypes, options.TeacherTemperature);
        if (shift is not null)
        {
            logits.sub_(shift);
        }

        return logits.softmax(-1).MoveToOuterDisposeScope();
    }

    /// <returns>In the vectors' own type, <c>[n, K]</c>.</returns>
    private static Tensor Logits(Tensor vectors, Tensor prototypes, double temperature) =>
        MixedPrecision.Lower(vectors.Times(1 / temperature)).matmul(prototypes.t()).to_type(vectors.dtype);
}
