using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Torch;

public sealed class MixedPrecisionTests
{
    public MixedPrecisionTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void A_step_in_bfloat16_goes_where_one_in_float32_goes()
    {
        using var scope = NewDisposeScope();
        var (loss, gradient) = Step(TdvPrecision.Float32);
        var (lowLoss, lowGradient) = Step(TdvPrecision.BFloat16);

        Assert.NotEqual(loss, lowLoss);
        Assert.Equal(loss, lowLoss, tolerance: 1e-3 * loss);
        double cosine = gradient.dot(lowGradient).ToDouble() / (gradient.norm() * lowGradient.norm()).ToDouble();
        Assert.InRange(cosine, 0.99, 1);
    }

    [Fact]
    public void Matrices_in_float32_have_its_precision_whoever_multiplies_them()
    {
        using var scope = NewDisposeScope();
        ProcessSwitches.UseOneDnn();
        using var generator = new Generator(5);
        var a = rand([300, 400], generator: generator);
        var b = rand([400, 200], generator: generator);
        var exact = a.to(ScalarType.Float64).matmul(b.to(ScalarType.Float64));

        double error = ((a.matmul(b) - exact).abs().max() / exact.abs().max()).ToDouble();

        Assert.InRange(error, 0, 2e-6);
    }

    private static (double Loss, Tensor Gradient) Step(TdvPrecision precision)
    {
        var recipe = Recipe.From(new TdvOptions { Steps = 10 }).On(CPU, precision);
        using var state = new TrainingState(recipe.Network, 1);
        using var trainer = new TdvTrainer(state, recipe.Training);
        using var generator = new Generator(2);
        var previous = randn([2, 3, 96, 96], generator: generator);
        var next = previous + (randn([2, 3, 96, 96], generator: generator) * 0.3);
        var result = trainer.Step([(previous, next)]);
        var student = state.TaughtParameters().Concat(state.Network.MotionParameters);
        return (result.Loss, cat([.. student.Select(weight => weight.grad!.flatten())]).to(ScalarType.Float64));
    }
}
