using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class DistillationTests
{
    public DistillationTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(true, 0.1)]
    [InlineData(false, 0.04)]
    public void Chunks_give_the_numbers_of_the_plain_form(bool centering, double teacherTemperature)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        const int count = 600;
        var student = Random(generator, count, 32).requires_grad_(true);
        var prototypes = Random(generator, 50, 32).requires_grad_(true);
        var teacher = Random(generator, count, 32);
        var teacherPrototypes = Random(generator, 50, 32);
        var options = new DistillationOptions { Centering = centering, TeacherTemperature = teacherTemperature };
        var center = Random(generator, 1, 1, 50);
        var before = center.clone();
        var distillation = new Distillation(new Center(center, options.CenterMomentum), options)
        {
            ChunkLogits = 256 * prototypes.size(0),
        };

        var result = distillation.Evaluate(
            student.detach(),
            prototypes.detach(),
            teacher,
            teacherPrototypes,
            weight: 0.75
        );

        var logits = teacher.matmul(teacherPrototypes.t());
        var target = ((centering ? logits - before.view(1, -1) : logits) / teacherTemperature).softmax(-1);
        var plain = -(target * (student.matmul(prototypes.t()) / 0.1).log_softmax(-1)).sum(-1).mean();
        (0.75 * plain).backward();
        var expectedCenter = centering ? (before * 0.9) + (0.1 * logits.mean([0]).view(1, 1, -1)) : before;
        Assert.Equal(plain.ToDouble(), result.Loss.ToDouble(), tolerance: 1e-9);
        Assert.True(result.BottleneckGradient.allclose(student.grad!, 1e-9, 1e-12));
        Assert.True(result.PrototypeGradient.allclose(prototypes.grad!, 1e-9, 1e-12));
        Assert.True(center.allclose(expectedCenter, 1e-9, 1e-12));
    }

    [Fact]
    public void A_weighted_token_counts_like_that_many_tokens()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var student = Random(generator, 3, 8);
        var teacher = Random(generator, 3, 8);
        var prototypes = Random(generator, 5, 8);
        var options = new DistillationOptions { Centering = false };
        var distillation = new Distillation(new Center(zeros(1, 1, 5, ScalarType.Float64), 0.9), options);
        var weights = tensor(new double[] { 2, 0, 1 });
        var repeated = tensor(new long[] { 0, 0, 2 });

        var weighted = distillation.Evaluate(student, prototypes, teacher, prototypes, 1, weights);

        var plain = distillation.Evaluate(student[repeated], prototypes, teacher[repeated], prototypes, 1);
        var bottleneck = zeros_like(student).index_add_(0, repeated, plain.BottleneckGradient, 1);
        Assert.Equal(plain.Loss.ToDouble(), weighted.Loss.ToDouble(), tolerance: 1e-12);
        Assert.True(weighted.BottleneckGradient.allclose(bottleneck, 1e-9, 1e-12));
        Assert.True(weighted.PrototypeGradient.allclose(plain.PrototypeGradient, 1e-9, 1e-12));
    }

    private static Tensor Random(Generator generator, params long[] shape) =>
        randn(shape, ScalarType.Float64, generator: generator);
}
