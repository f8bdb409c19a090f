using Tdv.Tool.Reporting;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class FigureTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.123456, "0.123")]
    [InlineData(7.126, "7.13")]
    [InlineData(12.34, "12.3")]
    [InlineData(1234.4, "1234")]
    [InlineData(0.0005, "5e-4")]
    [InlineData(-2.5e-7, "-2.5e-7")]
    [InlineData(2.5e9, "2.5e9")]
    [InlineData(double.NaN, "–")]
    public void Numbers_have_the_digits_that_count(double value, string expected) =>
        Assert.Equal(expected, Figure.Text(value));

    [Theory]
    [InlineData(0, 10, new[] { 0.0, 2.5, 5, 7.5, 10 })]
    [InlineData(-0.3, 0.9, new[] { 0, 0.5 })]
    [InlineData(0.00012, 0.00019, new[] { 0.00012, 0.00014, 0.00016, 0.00018 })]
    public void Ticks_are_round(double low, double high, double[] expected) =>
        Assert.Equal(expected, new Scale(low, high, 0, 1).Ticks(4), (a, b) => Math.Abs(a - b) < 1e-12);

    [Fact]
    public void Places_of_a_scale_may_fall_as_values_rise()
    {
        var scale = new Scale(10, 20, 100, 0);

        Assert.Equal((100, 75, 0), (scale[10], scale[12.5], scale[20]));
    }
}
