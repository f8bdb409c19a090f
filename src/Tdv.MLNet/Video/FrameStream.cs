using OpenCvSharp;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Video;

/// <summary>The frames of one video in their order, one at a time. A frame that nobody retrieves costs as little as possible.</summary>
internal abstract class FrameStream(string path) : IDisposable
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;

    /// <summary>Frames per second as announced; the mean, where the rate varies. Above 0.</summary>
    public double Rate { get; protected init; }

    /// <summary>Seconds that the video claims to last, or 0 when unknown.</summary>
    public double AnnouncedDuration { get; protected init; }

    /// <summary>
    /// Seconds on the container's own clock at which the first frame stands, once that is grabbed; times count from there, but
    /// some containers announce their end.
    /// </summary>
    public double Start { get; protected set; }

    /// <summary>Width to height of a pixel as it is shown; 1 where nothing is said.</summary>
    public double PixelAspect { get; protected init; } = 1;

    /// <summary>Seconds that are shown by an edit list or a table of the container, where it says so; read anew.</summary>
    public virtual double? ShownDuration => null;

    /// <summary>The codec's four letters, or null.</summary>
    public virtual string? Codec => null;

    /// <summary>The first jump of the clock: the time before it and how far, in seconds. Null: none so far.</summary>
    public (double Time, double Seconds)? Jump { get; protected set; }

    /// <summary>Seconds that jumps of the clock have left out so far.</summary>
    public double LeftOut { get; protected set; }

    /// <summary>Time of the grabbed frame in seconds.</summary>
    public double Time { get; protected set; }

    /// <summary>The grabbed frame in the words of a message.</summary>
    public abstract string FrameName { get; }

    /// <summary>Frames grabbed so far.</summary>
    public long Grabbed { get; private set; }

    /// <summary>Steps to the next frame; false at the end.</summary>
    public bool Grab()
    {
        if (!GrabNext())
        {
            return false;
        }
        Grabbed++;
        return true;
    }

    /// <summary>Writes the grabbed frame into <paramref name="frame"/> as BGR bytes; false if it cannot be decoded.</summary>
    public abstract bool Retrieve(Mat frame);

    public abstract void Dispose();

    /// <summary>How to make a file of one that cannot be decoded that can.</summary>
    public static string Conversion(string path) =>
        $"Convert it: ffmpeg -i {Shown.Name(path)} -c:v libx264 -crf 18 {Shown.Name(ConvertedName(path))}";

    private static string ConvertedName(string path) => $"{System.IO.Path.GetFileNameWithoutExtension(path)}-h264.mp4";

    protected abstract bool GrabNext();

    /// <summary>Opens a video file or a folder of numbered frames.</summary>
    /// <exception cref="InvalidDataException">It holds no video that can be read.</exception>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">Of folders, the rate; and the size that is enough, if one is wanted.</param>
    public static FrameStream Open(string path, VideoOptions options) =>
        Directory.Exists(path) ? new FrameFolder(path, options) : new VideoFile(path);
}
