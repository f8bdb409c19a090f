using Xunit;

namespace Tdv.MLNet.Parity;

public sealed class ClipSamplerTests
{
    [Fact]
    public void Takes_frames_at_even_distances_from_a_drawn_start() =>
        Assert.Equal([3, 18, 33, 48], ClipSampler.Indices(60, 2, frameCount: 4, frameInterval: 0.5, draw: 0.25));

    [Fact]
    public void Spreads_the_clip_over_a_video_shorter_than_it() =>
        Assert.Equal([0, 3, 6, 10], ClipSampler.Indices(10, 1, frameCount: 4, frameInterval: 0.5, draw: 0.9));

    [Fact]
    public void Repeats_frames_of_a_video_with_fewer_than_the_clip() =>
        Assert.Equal([0, 0, 1, 2], ClipSampler.Indices(2, 9, frameCount: 4, frameInterval: 0.5, draw: 0.9));

    [Fact]
    public void A_clip_has_two_frames_or_more() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipSampler.Indices(60, 2, 1, 0.5, 0));
}
