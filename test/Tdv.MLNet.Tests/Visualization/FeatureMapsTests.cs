using Xunit;

namespace Tdv.MLNet.Tests.Visualization;

public class FeatureMapsTests
{
    [Fact]
    public void Magnitude_is_the_length_of_each_feature() =>
        Assert.Equal([5f, 13f], FeatureMaps.Magnitude([3, 4, 5, 12], 2));

    [Fact]
    public void The_prediction_error_is_the_mean_square_of_what_is_left()
    {
        float[] before = [1, 2, 3, 4];
        float[] motion = [1, 0, 0, 2];
        float[] after = [2, 2, 3, 2];

        Assert.Equal([0f, 8f], FeatureMaps.PredictionError(before, motion, after, 2));
        Assert.Equal([0.5f, 2f], FeatureMaps.PredictionError(before, [], after, 2));
    }

    [Fact]
    public void Attention_is_averaged_over_heads() =>
        Assert.Equal([0.25f, 0.5f, 0.25f], FeatureMaps.MeanAttention([0.5f, 0.5f, 0, 0, 0.5f, 0.5f], 2));

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.StartsWith(
            "5 values cannot be shared among 2.",
            Assert.Throws<ArgumentException>(() => FeatureMaps.Magnitude(new float[5], 2)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "There are 4 values before, 4 of motion and 6 after; they must be equally many",
            Assert
                .Throws<ArgumentException>(() =>
                    FeatureMaps.PredictionError(new float[4], new float[4], new float[6], 2)
                )
                .Message,
            StringComparison.Ordinal
        );
    }
}
