using System.Globalization;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Video;

/// <summary>Reads the rows of one video in the order of time, holding only the frames of the rows in progress.</summary>
internal sealed class VideoReader(
    IReadOnlyList<string> videos,
    VideoOptions options,
    bool withImages,
    PassLog log,
    Func<bool> isCanceled
)
{
    /// <summary>Part of the announced duration, and seconds, that may be missing before a video counts as cut short.</summary>
    private const double MissingPart = 0.05;
    private const double MissingSeconds = 0.5;

    /// <summary>
    /// The rows of a video, the first one <paramref name="phase"/> seconds after its start. A video too short for that
    /// starts at 0, so that each pass sees every video.
    /// </summary>
    public IEnumerable<VideoRow> Read(int video, double phase = 0)
    {
        using FrameStream? stream = TryOpen(videos[video]);
        if (stream is null)
        {
            yield break;
        }
        long rows = 0;
        foreach (VideoRow row in Rows(video, stream, phase))
        {
            rows++;
            yield return row;
        }
        if (rows > 0)
        {
            WarnIfCutShort(stream);
        }
        else if (phase > 0)
        {
            foreach (VideoRow row in Read(video))
            {
                yield return row;
            }
        }
        else
        {
            log.Skip(WhyNothing(stream));
        }
    }

    private FrameStream? TryOpen(string path)
    {
        try
        {
            return FrameStream.Open(path, options);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            log.Skip(
                error is InvalidDataException ? error.Message : $"{Shown.Name(path)} cannot be opened: {error.Message}"
            );
            return null;
        }
    }

    private IEnumerable<VideoRow> Rows(int video, FrameStream stream, double phase)
    {
        FrameSelector selector = options.EveryFrame
            ? new EveryFrameSelector(options.FrameInterval)
            : new IntervalSelector(options.FrameInterval, options.RowDistance, phase, 1 / stream.Rate);
        using var window = new FrameWindow(stream, options, log);
        bool warned = false;
        while (stream.Grab())
        {
            // Many frames may pass before there is a row, and nobody asks while they do.
            if (isCanceled())
            {
                throw new OperationCanceledException("Reading the videos was canceled.");
            }
            if (!warned && stream.Jump is { } jump)
            {
                warned = true;
                log.Warn(JumpText(stream, jump));
            }
            FrameUse use = selector.Add(stream.Time);
            if (withImages)
            {
                window.Advance(use);
            }
            while (selector.TryTake(out FramePair pair))
            {
                SampledFrame? previous = window.Find(pair.Previous);
                SampledFrame? frame = window.Find(pair.Frame);
                if (!withImages || (previous is not null && frame is not null))
                {
                    var id = new DataViewRowId((ulong)pair.Frame, (ulong)video);
                    yield return new VideoRow(stream.Path, pair.Time, previous, frame, id);
                }
            }
            window.ForgetBefore(selector.OldestNeeded);
        }
    }

    /// <summary>What is announced counts from the container's own zero in some formats, and in some leaves out what is not shown.</summary>
    private void WarnIfCutShort(FrameStream stream)
    {
        double end = stream.Time + (1 / stream.Rate);
        double announced = stream.AnnouncedDuration - stream.LeftOut;
        if (!IsMissing(announced, end))
        {
            return;
        }
        announced = (stream.ShownDuration ?? stream.AnnouncedDuration - stream.Start) - stream.LeftOut;
        if (IsMissing(announced, end))
        {
            string times = FormattableString.Invariant($"ends at {end:0.##} s, but announces {announced:0.##} s");
            log.Warn($"{Shown.Name(stream.Path)} {times}: the rest is missing or damaged. The part before is used.");
        }
    }

    private static bool IsMissing(double announced, double end) =>
        announced - end > Math.Max(MissingSeconds, MissingPart * announced);

    private static string JumpText(FrameStream stream, (double Time, double Seconds) jump) =>
        $"{Shown.Name(stream.Path)}: after {jump.Time.ToString("0.###", CultureInfo.InvariantCulture)} s the clock jumps by "
        + $"{jump.Seconds.ToString("0.###", CultureInfo.InvariantCulture)} s. Jumps count as one frame's time.";

    private string WhyNothing(FrameStream stream) =>
        stream.Grabbed switch
        {
            0 when stream.Codec is { } codec =>
                $"{Shown.Name(stream.Path)} holds no frame that can be decoded: it is coded as '{codec}', which FFmpeg as it is "
                    + $"built here cannot decode, or it is damaged. {FrameStream.Conversion(stream.Path)}",
            0 => $"{Shown.Name(stream.Path)} holds no frame that can be decoded.",
            1 => $"{Shown.Name(stream.Path)} holds a single frame; a row needs a frame and its predecessor.",
            _ => FormattableString.Invariant(
                $"{Shown.Name(stream.Path)} ends at {stream.Time:0.###} s and yields no pair of "
            )
                + FormattableString.Invariant($"readable frames {options.FrameInterval:0.###} s apart. ")
                + "Lower VideoOptions.FrameInterval or remove the video.",
        };
}
