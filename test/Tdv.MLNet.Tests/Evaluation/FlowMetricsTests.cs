using Tdv.MLNet.Evaluation;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class FlowMetricsTests
{
    [Fact]
    public void Errors_are_lengths_of_differences_over_known_pixels()
    {
        // Errors 0, 1, 5 (3-4-5), 4 of a true length 100 (below 5 %), and one that is not known.
        var truth = new FlowField(1, 5, [2, 0, 0, 100, float.NaN], [1, 0, 0, 0, 0]);
        var estimate = new FlowField(1, 5, [2, 1, 3, 104, 9], [1, 0, 4, 0, 9]);
        var errors = new FlowErrors();
        errors.Add(truth, estimate, "a");
        var metrics = errors.ToMetrics();

        Assert.Equal(10 / 4.0, metrics.EndPointError, 12);
        Assert.Equal(1 / 4.0, metrics.FlAll, 12);
        Assert.Equal(2 / 4.0, metrics.Within1, 12);
        Assert.Equal(2 / 4.0, metrics.Within3, 12);
        Assert.Equal(4 / 4.0, metrics.Within5, 12);
        Assert.Equal((4, 1), (metrics.PixelCount, metrics.ImageCount));
        Assert.Equal("EPE=2.500 Fl-all=25.0% within 1/3/5 px=50.0/50.0/100.0%", metrics.ToString());
        Assert.Equal(
            "End-point error      2.500 px\nFl-all                25.0 %\nWithin 1 px           50.0 %\n"
                + "Within 3 px           50.0 %\nWithin 5 px          100.0 %\n4 pixels of 1 images",
            metrics.GetFormattedTable().ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public void Pixels_of_all_pictures_count_alike()
    {
        var errors = new FlowErrors();
        errors.Add(new FlowField(1, 1, [0], [0]), new FlowField(1, 1, [8], [0]), "a");
        errors.Add(new FlowField(1, 3, [0, 0, 0], [0, 0, 0]), new FlowField(1, 3, [0, 0, 0], [0, 0, 0]), "b");

        Assert.Equal(2, errors.ToMetrics().EndPointError, 12);
    }

    [Fact]
    public void What_cannot_be_compared_is_named()
    {
        var truth = new FlowField(1, 2, [0, 0], [0, 0]);
        var errors = new FlowErrors();

        Assert.Equal(
            "a: the true flow is 2 × 1 pixels, the estimated one 1 × 2. Both must have the picture's size.",
            Assert
                .Throws<InvalidDataException>(() => errors.Add(truth, new FlowField(2, 1, [0, 0], [0, 0]), "a"))
                .Message
        );
        Assert.Equal(
            "a: the true flow is known at x=1, y=0, but there is no estimate. Every pixel needs one; a bad one counts as "
                + "an error.",
            Assert
                .Throws<InvalidDataException>(() => errors.Add(truth, new FlowField(1, 2, [0, float.NaN], [0, 0]), "a"))
                .Message
        );
        Assert.Equal(
            "There is nothing to evaluate: 0 images, and no pixel whose true flow is known.",
            Assert.Throws<InvalidOperationException>(errors.ToMetrics).Message
        );
    }
}
