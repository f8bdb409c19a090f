using Xunit;

namespace Tdv.MLNet.Tests.Visualization;

public class HeatMapTests
{
    [Fact]
    public void Numbers_go_from_black_to_light_yellow_and_no_further()
    {
        var map = new HeatMap(1, 3);

        using var picture = map.Paint([-9, 1, 2, 3, 9, float.NaN], 2, 3, 3, 2);

        int[] brightness =
        [
            .. Enumerable.Range(0, 6).Select(i => picture.Pixels.Slice(4 * i, 3).ToArray().Sum(b => b)),
        ];
        Assert.Equal(brightness[0], brightness[1]);
        Assert.True(brightness[1] < brightness[2] && brightness[2] < brightness[3]);
        Assert.Equal(brightness[3], brightness[4]);
        Assert.Equal(brightness[0], brightness[5]);
        Assert.Equal((4, 252 + 255 + 164), (brightness[0], brightness[3]));
    }

    [Fact]
    public void The_range_leaves_out_the_few_that_stick_out()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        values[3] = 1e6f;
        values[4] = -1e6f;

        var map = HeatMap.Fit([values[..500], values[500..]]);

        Assert.InRange(map.Low, 5, 20);
        Assert.InRange(map.High, 980, 995);
    }

    [Fact]
    public void A_grid_is_stretched_evenly_over_the_picture()
    {
        var map = new HeatMap(0, 1);

        using var picture = map.Paint([0, 1], 1, 2, 8, 3);

        byte[] reds = [.. Enumerable.Range(0, 8).Select(x => picture.Pixels[4 * x])];
        Assert.Equal((8, 3), (picture.Width, picture.Height));
        Assert.Equal(reds, reds.Order());
        Assert.Equal((0, 252), (reds[0], reds[^1]));
        Assert.Equal(6, reds.Distinct().Count());
    }

    [Fact]
    public void An_empty_range_and_a_map_of_another_size_are_refused()
    {
        Assert.StartsWith(
            "The range from 2 to 2 is empty; high must be above low.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new HeatMap(2, 2)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "There are 5 values; a grid of 2 × 2 cells with 1 values each has 4.",
            Assert.Throws<ArgumentException>(() => new HeatMap(0, 1).Paint(new float[5], 2, 2, 4, 4)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "There is no number to fit a range to.",
            Assert.Throws<ArgumentException>(() => HeatMap.Fit([])).Message,
            StringComparison.Ordinal
        );
    }
}
