using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class VideoPaceTests
{
    [Theory]
    [InlineData(25, 25)]
    [InlineData(29.97, 29.97)]
    [InlineData(30000 / 1001.0, 29.97)]
    [InlineData(24000 / 1001.0, 23.976)]
    // 238571 parts of a thousandth are more than MPEG-4 counts.
    [InlineData(238.57142857, 238.57)]
    [InlineData(959.04, 959)]
    [InlineData(0.5, 0.5)]
    [InlineData(100_000, 65_535)]
    public void A_rate_is_rounded_to_what_the_encoder_takes(double rate, double expected) =>
        Assert.Equal(expected, VideoPace.Encodable(rate), 9);

    [Theory]
    [InlineData(25)]
    [InlineData(29.97)]
    [InlineData(238.57142857)]
    public void Frames_of_one_rate_are_written_once_each_though_stamps_are_rounded(double rate)
    {
        double[] times = [.. Enumerable.Range(0, 5000).Select(i => 3 + Math.Round(i / rate, 3))];

        var pace = VideoPace.Of(times, rate);

        Assert.False(pace.IsVarying);
        Assert.Equal(Enumerable.Range(0, 5000), times.Select(time => (int)pace.Slot(time - 3)));
    }

    [Fact]
    public void The_mean_is_taken_where_the_file_tells_another_rate()
    {
        double[] times = [.. Enumerable.Range(0, 100).Select(i => i / 12.5)];

        Assert.Equal(new VideoPace(12.5, IsVarying: false), VideoPace.Of(times, announced: 1000));
    }

    [Fact]
    public void Frames_of_a_varying_rate_have_the_slots_of_their_times()
    {
        // A pause of two seconds, as a recorder of screens leaves it.
        double[] times = [0, 0.04, 0.08, 2.08, 2.12, 2.16];

        var pace = VideoPace.Of(times, announced: 2.5);

        Assert.True(pace.IsVarying);
        Assert.Equal(25, pace.Rate, 9);
        Assert.Equal([0, 1, 2, 52, 53, 54], times.Select(pace.Slot));
    }

    [Fact]
    public void A_frame_that_is_missing_hides_no_other()
    {
        // 240 frames per second without one of them: a container tells the mean.
        double[] times = [.. Enumerable.Range(0, 168).Where(i => i != 41).Select(i => i / 240.0)];

        var pace = VideoPace.Of(times, announced: 238.57142857);

        Assert.Equal(new VideoPace(240, IsVarying: true), pace);
        Assert.Equal(times.Select(time => (long)Math.Round(time * 240)), times.Select(pace.Slot));
    }

    [Fact]
    public void Few_frames_in_much_time_do_not_become_endless()
    {
        double[] times = [0, 0.001, 86_400, 86_400.001];

        var pace = VideoPace.Of(times, announced: 25);

        Assert.InRange(pace.Slot(times[^1]), 1, 100_000);
    }
}
