using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class DefaultsTests
{
    [Theory]
    [InlineData(360, 480, 96, 8, 240, 320)]
    [InlineData(160, 160, 96, 8, 160, 160)]
    [InlineData(100, 100, 96, 8, 128, 128)]
    [InlineData(1080, 1920, 224, 14, 420, 742)]
    [InlineData(10, 4000, 96, 8, 8, 320)]
    public void Features_keep_the_aspect_in_whole_patches(
        int height,
        int width,
        int training,
        int patch,
        int h,
        int w
    ) => Assert.Equal((h, w), Defaults.FeatureSize(height, width, training, patch));

    [Fact]
    public void Layers_are_spread_evenly()
    {
        Assert.Equal([2, 4, 6], Defaults.Layers(6));
        Assert.Equal([4, 8, 12], Defaults.Layers(12));
    }
}
