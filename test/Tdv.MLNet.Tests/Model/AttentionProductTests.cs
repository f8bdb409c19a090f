using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Model;

public sealed class AttentionProductTests
{
    public AttentionProductTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(40, 24)]
    [InlineData(600, 450)] // Weights are computed again for the gradients.
    public void Result_and_gradients_are_those_of_attention_written_out(long queries, long keys)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var query = Random(generator, queries);
        var key = Random(generator, keys);
        var value = Random(generator, keys);
        var received = Random(generator, queries).detach();

        var result = AttentionProduct.Of(query, key, value);
        var gradients = autograd.grad([result], [query, key, value], [received]);

        var plain = (query.matmul(key.transpose(2, 3)) / Math.Sqrt(8)).softmax(-1).matmul(value);
        var expected = autograd.grad([plain], [query, key, value], [received]);
        Assert.True(result.allclose(plain, 1e-10, 1e-12));
        Assert.All(gradients.Zip(expected), pair => Assert.True(pair.First.allclose(pair.Second, 1e-10, 1e-12)));
    }

    private static Tensor Random(Generator generator, long tokens) =>
        randn([2, 4, tokens, 8], ScalarType.Float64, generator: generator).requires_grad_(true);
}
