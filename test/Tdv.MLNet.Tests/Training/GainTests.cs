using Tdv.MLNet.Training;
using Xunit;

namespace Tdv.MLNet.Tests.Training;

public sealed class GainTests
{
    [Theory]
    [InlineData(1, 4, 0.75)]
    [InlineData(6, 4, -0.5)]
    [InlineData(0, 4, 1)]
    [InlineData(0, 0, double.NaN)]
    [InlineData(3, 0, double.NaN)]
    [InlineData(1e-3, 1e-12, double.NaN)]
    public void The_gain_is_one_less_the_part_of_the_error_that_is_left(double error, double copyError, double gain) =>
        Assert.Equal(gain, Gain.Of(error, copyError));

    [Fact]
    public void Where_nothing_moves_a_word_stands_for_the_number()
    {
        Assert.Equal("none, nothing moves", Gain.Text(double.NaN, 2));
        Assert.Equal("0.75", Gain.Text(0.75, 2));
        // Minus infinity is what earlier versions wrote.
        Assert.Equal(0.5, Gain.Mean([0.25, double.NaN, 0.75, double.NegativeInfinity]));
        Assert.Equal(double.NaN, Gain.Mean([double.NaN]));
    }
}
