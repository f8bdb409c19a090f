using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>The formulas that are written out in this project, against plainer forms: without stored numbers.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData(false, 1, 1)]
    [InlineData(false, 0.7, 0.5)]
    [InlineData(true, 0.7, 0.5)]
    public void The_gradient_of_the_reconstruction_is_that_of_the_plain_form(
        bool smooth,
        double predictionTemperature,
        double targetTemperature
    )
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var prediction = Random(generator, 4, 5, 8).requires_grad_(true);
        var target = Random(generator, 4, 5, 8);
        var center = Random(generator, 1, 1, 8);
        var before = center.clone();
        var reconstruction = new Reconstruction(
            smooth,
            predictionTemperature,
            targetTemperature,
            new Center(center, 0.99)
        );

        var (loss, gradient) = reconstruction.Evaluate(prediction, target, 1.5);

        var sharpened = prediction / predictionTemperature;
        var centered = (target - before) / targetTemperature;
        var plain = smooth
            ? nn.functional.smooth_l1_loss(sharpened, centered)
            : nn.functional.mse_loss(sharpened, centered);
        (1.5 * plain).backward();
        Assert.Equal(plain.ToDouble(), loss.ToDouble(), tolerance: 1e-12);
        Assert.True(gradient.allclose(prediction.grad!, 1e-9, 1e-12));
        Assert.True(center.allclose((0.99 * before) + (0.01 * target.mean([0, 1])), 1e-9, 1e-12));
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
        var center = new Center(zeros(1, 1, 5, ScalarType.Float64), 0.9);
        var weights = tensor(new double[] { 2, 0, 1 });
        var repeated = tensor(new long[] { 0, 0, 2 });

        var weighted = new WeightedDistillation(center, options).Evaluate(
            student,
            prototypes,
            teacher,
            prototypes,
            weights
        );

        var plain = new Distillation(center, options).Evaluate(
            student[repeated],
            prototypes,
            teacher[repeated],
            prototypes,
            1
        );
        var bottleneck = zeros_like(student).index_add_(0, repeated, plain.BottleneckGradient, 1);
        Assert.Equal(plain.Loss.ToDouble(), weighted.Loss.ToDouble(), tolerance: 1e-12);
        Assert.True(weighted.BottleneckGradient.allclose(bottleneck, 1e-9, 1e-12));
        Assert.True(weighted.PrototypeGradient.allclose(plain.PrototypeGradient, 1e-9, 1e-12));
    }

    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(3, 1)]
    public void A_divided_warm_up_begins_above_zero(long step, double expected)
    {
        var schedule = new Schedule(Peak: 1, WarmUpSteps: 4, TotalSteps: 12, Floor: 0.1);

        Assert.Equal(expected, new DividedWarmUp(schedule, divider: 5).LearningRate(step), tolerance: 1e-12);
    }

    private static Tensor Random(Generator generator, params long[] shape) =>
        randn(shape, ScalarType.Float64, generator: generator);
}
