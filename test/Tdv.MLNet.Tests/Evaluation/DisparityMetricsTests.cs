using Tdv.MLNet.Evaluation;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class DisparityMetricsTests
{
    [Fact]
    public void Errors_are_absolute_differences_over_known_pixels()
    {
        // Errors 0, 0.5, 1.5, 3, 10; the last pixel is not known.
        var truth = new DisparityMap(2, 3, [1, 2, 3, 4, 5, float.PositiveInfinity]);
        var estimate = new DisparityMap(2, 3, [1, 2.5f, 1.5f, 7, 15, 0]);
        var errors = new DisparityErrors();
        errors.Add(truth, estimate, "a");
        var metrics = errors.ToMetrics();

        Assert.Equal(3, metrics.MeanAbsoluteError, 12);
        Assert.Equal(3 / 5.0, metrics.Bad05, 12);
        Assert.Equal(3 / 5.0, metrics.Bad1, 12);
        Assert.Equal(2 / 5.0, metrics.Bad2, 12);
        Assert.Equal(1 / 5.0, metrics.Bad4, 12);
        Assert.Equal((5, 1), (metrics.PixelCount, metrics.ImageCount));
        Assert.Equal("MAE=3.000 bad 0.5/1/2/4=60.0/60.0/40.0/20.0%", metrics.ToString());
        Assert.StartsWith(
            "Mean absolute error      3.000 px\nBad 0.5                   60.0 %\n",
            metrics.GetFormattedTable().ReplaceLineEndings("\n"),
            StringComparison.Ordinal
        );
    }
}
