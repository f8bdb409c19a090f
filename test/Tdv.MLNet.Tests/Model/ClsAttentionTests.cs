using Tdv.MLNet.Model;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Model;

public class ClsAttentionTests
{
    private const int Heads = 2;
    private const int Patches = 16;

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void It_is_shared_among_all_tokens_and_that_of_patches_is_told(int registers)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var init = new Initialization(3);
        using var encoder = new VisionTransformer(
            new NetworkOptions
            {
                ImageSize = 32,
                PatchSize = 8,
                Dimension = 16,
                Heads = Heads,
                Depth = 2,
                MotionDepth = 0,
                Registers = registers,
            },
            init
        );
        var images = rand(3, 3, 32, 32, generator: new Generator(1));

        var before = encoder.ClsAttention(images);
        // Without queries and keys there is nothing to prefer.
        foreach (var (name, parameter) in encoder.named_parameters())
        {
            if (name.StartsWith("blocks.0.1.attn.qkv", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
        }

        var after = encoder.ClsAttention(images);

        Assert.Equal([3L, Heads, Patches], before.shape);
        Assert.All(before.sum(-1).data<float>(), sum => Assert.InRange(sum, 0.01f, 1f));
        Assert.All(after.data<float>(), share => Assert.Equal(1.0 / (1 + registers + Patches), share, 6));
    }
}
