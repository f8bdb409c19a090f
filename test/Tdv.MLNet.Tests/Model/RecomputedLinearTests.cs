using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Model;

public sealed class RecomputedLinearTests
{
    public RecomputedLinearTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)] // What lies before the layer is computed again for the gradients.
    public void Result_and_gradients_are_those_of_the_plain_layers(long tokens)
    {
        using var scope = NewDisposeScope();
        using var init = new Initialization(1);
        using var generator = new Generator(3);
        var layer = init.Linear(32, 24).to(ScalarType.Float64);
        var norm = Norm.Create(32).to(ScalarType.Float64);
        var input = randn([2, tokens / 2, 32], ScalarType.Float64, generator: generator).requires_grad_(true);
        var received = randn([2, tokens / 2, 24], ScalarType.Float64, generator: generator);

        AssertSame(
            RecomputedLinear.Of(layer, norm, input),
            layer.call(norm.call(input)),
            [input, layer.weight!, layer.bias!, norm.weight!, norm.bias!],
            received
        );
        AssertSame(
            RecomputedLinear.OfGelu(layer, input),
            layer.call(nn.functional.gelu(input)),
            [input, layer.weight!, layer.bias!],
            received
        );
    }

    private static void AssertSame(Tensor actual, Tensor expected, Tensor[] inputs, Tensor received)
    {
        Assert.True(actual.allclose(expected, 1e-10, 1e-12));
        var gradients = autograd.grad([actual], inputs, [received]);
        var plain = autograd.grad([expected], inputs, [received]);
        Assert.All(gradients.Zip(plain), pair => Assert.True(pair.First.allclose(pair.Second, 1e-9, 1e-11)));
    }
}
