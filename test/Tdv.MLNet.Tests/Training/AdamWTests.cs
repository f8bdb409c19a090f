using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using AdamW = Tdv.MLNet.Training.AdamW;

namespace Tdv.MLNet.Tests.Training;

public sealed class AdamWTests
{
    public AdamWTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void The_fused_operator_gives_the_numbers_of_the_formula()
    {
        Assert.True(NativeTorch.IsAvailable);
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var start = randn([64, 64], ScalarType.Float64, generator: generator);
        using var fused = new FlatParameters([
            [new Parameter(start.clone())],
        ]);
        using var passes = new FlatParameters([
            [new Parameter(start.clone())],
        ]);
        using var fusedAdam = new AdamW(fused, 0.01);
        using var passesAdam = new AdamW(passes, 0.01);
        for (int step = 0; step < 20; step++)
        {
            var gradient = randn(fused.Values.shape, ScalarType.Float64, generator: generator);
            fused.Gradient!.copy_(gradient);
            passes.Gradient!.copy_(gradient);
            fusedAdam.Step([1e-3]);

            passesAdam.Steps++;
            using var frozen = no_grad();
            passesAdam.StepInPasses(
                passes.Values,
                passes.Gradient,
                passesAdam.FirstMoment,
                passesAdam.SecondMoment,
                1e-3
            );
        }

        Assert.True(fused.Values.allclose(passes.Values, 1e-12, 1e-14));
        Assert.True(fusedAdam.FirstMoment.allclose(passesAdam.FirstMoment, 1e-12, 1e-14));
        Assert.True(fusedAdam.SecondMoment.allclose(passesAdam.SecondMoment, 1e-12, 1e-14));
    }
}
