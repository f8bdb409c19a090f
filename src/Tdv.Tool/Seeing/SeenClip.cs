using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Seeing;

/// <summary>A few frames from all over a clip, and the painter whose colors they decide.</summary>
internal sealed class SeenClip : IDisposable
{
    private SeenClip(SeenVideo video, List<SeenFrame> frames)
    {
        Frames = frames;
        Painter = new SeenPainter(video, frames);
    }

    public IReadOnlyList<SeenFrame> Frames { get; }

    public SeenPainter Painter { get; }

    /// <param name="video">The video.</param>
    /// <param name="seconds">Of its beginning; the rest is not looked at.</param>
    /// <param name="count">Frames, evenly spread.</param>
    /// <exception cref="UserException">The video has no frames.</exception>
    public static SeenClip Sample(SeenVideo video, double seconds, int count)
    {
        // The first pair ends an interval after the beginning.
        double length = Math.Min(seconds, video.Duration) - Defaults.FrameInterval;
        double interval = Math.Max(Defaults.RowInterval, length / count);
        List<SeenFrame> frames = [.. video.Frames(interval, count)];
        return frames.Count > 0
            ? new SeenClip(video, frames)
            : throw new UserException("The video has no pair of frames to look at.");
    }

    public void Dispose()
    {
        foreach (var frame in Frames)
        {
            frame.Dispose();
        }
    }
}
