using Tdv.MLNet.Video;
using Xunit;

namespace Tdv.MLNet.Tests.Video;

public class FrameClockTests
{
    [Theory]
    // As they are; a pause of a minute stays.
    [InlineData(new[] { 0, 0.04, 0.1, 1.5, 61 }, new[] { 0, 0.04, 0.1, 1.5, 61 })]
    // From 1970 to 2023 in one step, and on at the stamps' own distances.
    [InlineData(new[] { 0, 0.04, 1.7e9, 1.7e9 + 0.5 }, new[] { 0, 0.04, 0.08, 0.58 })]
    // Back to the beginning, as recordings that were joined have it.
    [InlineData(new[] { 99.96, 100, 0.5, 0.54 }, new[] { 99.96, 100, 100.04, 100.08 })]
    // Stamps that are missing, or mixed up by less than a second: the announced rate goes on.
    [InlineData(new[] { 0, 0.0, 0, 0.2 }, new[] { 0, 0.04, 0.08, 0.2 })]
    [InlineData(new[] { 1, 1.12, 1.08, 1.2 }, new[] { 1, 1.12, 1.16, 1.2 })]
    // 0.12 + 0.04 is a little less than 0.16, and no frame lasts so short.
    [InlineData(new[] { 0, 0.12, 0.08, 0.16, 0.04, 0.28 }, new[] { 0, 0.12, 0.16, 0.2, 0.24, 0.28 })]
    // A frame every hour: the first gap alone is taken for a jump.
    [InlineData(new[] { 0, 3600.0, 7200 }, new[] { 0, 0.04, 0.08 })]
    public void Times_ascend_and_jumps_cost_a_step(double[] stamps, double[] expected)
    {
        var clock = new FrameClock(rate: 25);

        double[] times = [.. stamps.Select(stamp => TimeOf(clock, stamp))];

        Assert.All(expected.Zip(times), pair => Assert.Equal(pair.First, pair.Second, 6));
    }

    [Fact]
    public void Frames_that_are_announced_to_be_far_apart_may_be()
    {
        var clock = new FrameClock(rate: 1 / 3600.0);

        double[] times = [.. new[] { 0.0, 3600, 7200 }.Select(stamp => TimeOf(clock, stamp))];

        Assert.Equal([0, 3600, 7200], times);
    }

    [Fact]
    public void The_jump_and_what_it_left_out_are_known()
    {
        var clock = new FrameClock(rate: 25);

        TimeOf(clock, 0);
        TimeOf(clock, 1000);

        Assert.Equal((1000, 1000 - 0.04), (clock.Jump, clock.LeftOut));
        TimeOf(clock, 1000.04);
        Assert.Equal((0, 1000 - 0.04), (clock.Jump, clock.LeftOut));
    }

    private static double TimeOf(FrameClock clock, double stamp)
    {
        clock.Advance(stamp);
        return clock.Time;
    }
}
