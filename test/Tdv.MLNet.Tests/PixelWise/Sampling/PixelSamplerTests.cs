using Microsoft.ML.Data;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Evaluation;
using Tdv.MLNet.Tests.Masks;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

public sealed class PixelSamplerTests
{
    private static readonly DataViewRowId Row = new(7, 0);

    [Theory]
    [InlineData(0f, new[] { 90, 10, 0 })] // by frequency
    [InlineData(1f, new[] { 50, 50, 0 })] // equally
    [InlineData(0.5f, new[] { 75, 25, 0 })] // sqrt(900) : sqrt(100) = 3 : 1
    public void Shares_follow_the_balance(float balance, int[] expected) =>
        Assert.Equal(expected, PixelSampler.Quotas([900, 100, 0], 100, balance));

    [Fact]
    public void What_a_small_class_cannot_take_goes_to_the_others() =>
        Assert.Equal([46, 8, 46], PixelSampler.Quotas([500, 8, 500], 100, 1));

    [Fact]
    public void Shares_are_rounded_to_the_exact_total() =>
        Assert.Equal([4, 3, 3], PixelSampler.Quotas([50, 50, 50], 10, 1));

    [Fact]
    public void All_pixels_are_taken_where_there_are_few() =>
        Assert.Equal([1, 2, 4], new PixelSampler(2, 100, 0.5f, 1).Draw([0, 1, 2, 0, 1], Row));

    [Fact]
    public void A_draw_depends_on_seed_row_and_mask_only()
    {
        var mask = Enumerable.Range(0, 1000).Select(i => (uint)(i % 4)).ToArray();
        var sampler = new PixelSampler(3, 50, 1, seed: 1);
        var first = sampler.Draw(mask, Row);
        var other = sampler.Draw(mask, new DataViewRowId(8, 0));

        Assert.Equal(first, sampler.Draw(mask, Row));
        Assert.Equal(first, new PixelSampler(3, 50, 1, seed: 1).Draw(mask, Row));
        Assert.NotEqual(first, other);
        Assert.NotEqual(first, new PixelSampler(3, 50, 1, seed: 2).Draw(mask, Row));
        Assert.Equal(50, first.Distinct().Count());
        Assert.DoesNotContain(first, pixel => mask[pixel] == 0);
        Assert.Equal(first.Order(), first);
    }
}
