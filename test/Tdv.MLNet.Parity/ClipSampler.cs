using Tdv.MLNet.Video;

namespace Tdv.MLNet.Parity;

/// <summary>
/// The official code's choice of a clip's frames (reference §1.1), for comparison with it. It estimates indices from
/// the mean frame rate, which a changing frame rate or a wrong duration in the container makes wrong, and repeats
/// frames of short videos, whose pairs then show no motion. The product therefore takes frames by their own time
/// stamps, and only pairs of different frames: <see cref="IntervalSelector"/>.
/// </summary>
internal static class ClipSampler
{
    /// <summary>
    /// Indices of the frames of one clip, in single precision wherever the official code is, since truncation turns
    /// the last bit into another frame.
    /// </summary>
    /// <param name="lastFrame">Index of the last frame that decodes, n.</param>
    /// <param name="duration">Of the video, in seconds.</param>
    /// <param name="frameCount">Frames of the clip, at least 2.</param>
    /// <param name="frameInterval">Seconds between frames.</param>
    /// <param name="draw">Where in the video the clip lies: 0 at its start, 1 at its end.</param>
    public static int[] Indices(int lastFrame, double duration, int frameCount, double frameInterval, double draw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 2);
        double length = frameInterval * (frameCount - 1);
        if (lastFrame < frameCount || length > duration)
        {
            return [.. Spread(0, lastFrame, frameCount).Select(index => (int)index)];
        }

        double start = draw * (duration - length);
        float rate = (float)(lastFrame / duration);
        return [.. Spread((float)start, (float)(start + length), frameCount).Select(time => (int)(rate * time))];
    }

    /// <summary>PyTorch's <c>linspace</c>: the first half counts up from the start, the second down from the end.</summary>
    private static IEnumerable<float> Spread(float start, float end, int count)
    {
        float step = (end - start) / (count - 1);
        return Enumerable
            .Range(0, count)
            .Select(index => index < count / 2 ? start + (step * index) : end - (step * (count - 1 - index)));
    }
}
