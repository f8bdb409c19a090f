using OpenCvSharp;

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

    /// <summary>Time of the grabbed frame in seconds.</summary>
    public double Time { get; protected set; }

    /// <summary>The grabbed frame in the words of a message.</summary>
    public virtual string FrameName => FormattableString.Invariant($"'{Path}' at {Time:0.###} s");

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

    protected abstract bool GrabNext();

    /// <summary>Opens a video file or a folder of numbered frames.</summary>
    /// <exception cref="InvalidDataException">It holds no video that can be read.</exception>
    public static FrameStream Open(string path, double frameFolderRate) =>
        Directory.Exists(path) ? new FrameFolder(path, frameFolderRate) : new VideoFile(path);
}
