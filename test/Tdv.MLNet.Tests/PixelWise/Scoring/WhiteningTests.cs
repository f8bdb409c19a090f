using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Evaluation;
using Tdv.MLNet.Tests.Masks;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

public sealed class WhiteningTests
{
    [Fact]
    public void Whitened_features_are_uncorrelated_with_mean_0_and_variance_1()
    {
        // Correlated, far from 0, of very different scales; more than one block of rows.
        var random = new Random(2);
        var table = new PixelTable(4);
        for (var i = 0; i < 3000; i++)
        {
            var a = random.NextSingle();
            var b = random.NextSingle();
            table.Add([100 + a, 1000 * (a + b), 0.001f * b * b, 5], 1);
        }

        Whitening.Apply(Whitening.Fit(table), table);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(0, Mean(table, row => row[i]), 1e-2);
            for (var j = 0; j <= i; j++)
            {
                // The constant is the last component: it has nothing to give.
                Assert.Equal(i == j && i < 3 ? 1 : 0, Mean(table, row => row[i] * row[j]), 1e-2);
            }
        }
    }

    [Fact]
    public void Rounding_noise_is_not_blown_up()
    {
        var random = new Random(2);
        var table = new PixelTable(2);
        for (var i = 0; i < 2000; i++)
        {
            var a = random.NextSingle();
            table.Add([a, a + 1e-5f * random.NextSingle()], 1);
        }

        Whitening.Apply(Whitening.Fit(table), table);

        Assert.Equal(1, Mean(table, row => row[0] * row[0]), 1e-2);
        Assert.True(Mean(table, row => row[1] * row[1]) < 1e-3);
    }

    [Fact]
    public void Maps_are_folded_into_one()
    {
        var first = new AffineMap([1, 2, 3, 4, 5, 6], [1, -1]); // 3 inputs, 2 outputs
        var second = new AffineMap([1, 1, 2, -1], [0.5f, 0]);
        float[] x = [1, 0, -1];
        var middle = new float[2];
        var expected = new float[2];
        var folded = new float[2];
        first.Apply(x, 1, middle);
        second.Apply(middle, 1, expected);

        second.After(first).Apply(x, 1, folded);

        Assert.Equal([-1f, -3f], middle);
        Assert.Equal([-3.5f, 1f], expected);
        Assert.Equal(expected, folded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(37)]
    [InlineData(133)]
    public void Scalar_products_are_right_at_every_length(int length)
    {
        var a = Enumerable.Range(0, length).Select(i => (float)(i % 7)).ToArray();
        var b = Enumerable.Range(0, length).Select(i => (float)(i % 5 - 2)).ToArray();

        // Three rows and five outputs: a block of two and four, and what is left of both.
        var products = new float[3 * 5];

        new AffineMap([.. b, .. b, .. b, .. b, .. b], [0, 1, 2, 3, 4]).Apply([.. a, .. a, .. a], 3, products);

        var product = a.Zip(b, (x, y) => x * y).Sum();
        Assert.Equal(Enumerable.Range(0, 3 * 5).Select(i => product + i % 5), products);
    }

    private static double Mean(PixelTable table, Func<float[], double> value) =>
        Enumerable.Range(0, table.Count).Average(i => value(table.Row(i).ToArray()));
}
