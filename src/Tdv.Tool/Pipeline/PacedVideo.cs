using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>A video in which each picture stays until the time of the next one, in pixels that are square.</summary>
/// <param name="video">Is written.</param>
/// <param name="pace">Its rate.</param>
/// <param name="pixelAspect">Width to height of the pictures' pixels.</param>
internal sealed class PacedVideo(PartialVideo video, VideoPace pace, double pixelAspect) : IDisposable
{
    private Mat? _last;
    private double _start;
    private long _slot;

    /// <summary>Pictures given.</summary>
    public int Pictures { get; private set; }

    /// <summary>Of them, those that another one takes the place of before they could be shown.</summary>
    public int Hidden { get; private set; }

    /// <summary>The written video's frames.</summary>
    public int Frames => video.Frames;

    /// <param name="picture">Is copied.</param>
    /// <param name="time">In seconds, later than the one before.</param>
    /// <param name="cancellation">A long pause has many frames.</param>
    public void Write(Mat picture, double time, CancellationToken cancellation)
    {
        if (Pictures++ == 0)
        {
            _start = time;
        }
        else
        {
            Show(pace.Slot(time - _start), cancellation);
        }

        _last?.Dispose();
        _last = Square(picture);
    }

    /// <exception cref="UserException">No frame was written.</exception>
    public void Complete()
    {
        Show(_slot + (_last is null ? 0 : 1), CancellationToken.None);
        video.Complete();
    }

    public void Dispose() => _last?.Dispose();

    private void Show(long until, CancellationToken cancellation)
    {
        Hidden += until > _slot ? 0 : 1;
        for (; _slot < until; _slot++)
        {
            cancellation.ThrowIfCancellationRequested();
            video.Write(_last!);
        }
    }

    /// <summary>Stretched, never shrunk: nothing of the picture is lost.</summary>
    private Mat Square(Mat picture)
    {
        int width = (int)Math.Round(picture.Width * Math.Max(1, pixelAspect));
        int height = (int)Math.Round(picture.Height / Math.Min(1, pixelAspect));
        return pixelAspect == 1
            ? picture.Clone()
            : picture.Resize(new Size(width, height), 0, 0, InterpolationFlags.Linear);
    }
}
