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

    private static Tensor Random(Generator generator, params long[] shape) =>
        randn(shape, ScalarType.Float64, generator: generator);
}
