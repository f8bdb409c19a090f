using Xunit;

namespace Tdv.MLNet.Tests.Visualization;

public sealed class FlowColorsTests
{
    /// <summary>Computed by hand from the wheel of 55 colors: to the right is the first of them.</summary>
    [Theory]
    [InlineData(0, 0, 255, 255, 255)]
    [InlineData(1, 0, 255, 0, 0)]
    [InlineData(0.5f, 0, 255, 127, 127)]
    [InlineData(2, 0, 191, 0, 0)]
    // Down: a quarter of 54 steps, 13.5, in the first segment: yellow is 13.5 / 15.
    [InlineData(0, 1, 255, 229, 0)]
    // To the left: 27 of 54 steps, 2 into the fourth segment: green is 9 / 11.
    [InlineData(-1, 0, 0, 208, 255)]
    // Up: 40.5, 4.5 into the fifth segment: red is 4.5 / 13.
    [InlineData(0, -1, 88, 0, 255)]
    public void Direction_is_hue_and_length_is_saturation(float u, float v, byte red, byte green, byte blue)
    {
        using var picture = new FlowColors(1).Paint(new FlowField(1, 2, [u, float.NaN], [v, 0]));

        Assert.Equal([red, green, blue, 255, 0, 0, 0, 255], picture.Pixels.ToArray());
    }

    [Fact]
    public void The_longest_known_flow_has_full_color() =>
        Assert.Equal(5, FlowColors.Fit([new FlowField(1, 3, [3, float.NaN, 1], [4, 0, 1])]).Longest);
}
