using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class ReconstructionTests
{
    public ReconstructionTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(false, 1, 1)]
    [InlineData(false, 0.7, 0.5)]
    [InlineData(true, 0.7, 0.5)]
    public void The_gradient_is_that_of_the_plain_form(
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
        var options = new ReconstructionOptions
        {
            SmoothL1 = smooth,
            PredictionTemperature = predictionTemperature,
            TargetTemperature = targetTemperature,
        };

        var (loss, gradient) = new Reconstruction(options, new Center(center, 0.99)).Evaluate(prediction, target, 1.5);

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

    private static Tensor Random(Generator generator, params long[] shape) =>
        randn(shape, ScalarType.Float64, generator: generator);
}
