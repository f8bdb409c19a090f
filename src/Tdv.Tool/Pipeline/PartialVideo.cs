using System.Globalization;
using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// A video that is written beside its place and moved there when it is complete: what lies at the path is never half a
/// video. Disposing of an incomplete one removes it.
/// </summary>
/// <param name="path">Where it goes.</param>
/// <param name="frameRate">Frames per second, taken as exactly as the encoder can.</param>
internal sealed class PartialVideo(string path, double frameRate) : IDisposable
{
    // OpenCV knows the container by the ending.
    private readonly string _partial = Path.ChangeExtension(path, ".partial" + Path.GetExtension(path));
    private readonly VideoWriter _writer = new();

    public int Frames { get; private set; }

    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Write(Mat picture)
    {
        if (!_writer.IsOpened() && !Open(picture.Size()))
        {
            throw new UserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The video {Shown.Name(path)} of {picture.Width} × {picture.Height} pixels at {frameRate:0.###} frames per second cannot be written."
                )
            );
        }

        _writer.Write(picture);
        Frames++;
    }

    /// <exception cref="UserException">No frame was written.</exception>
    public void Complete()
    {
        if (Frames == 0)
        {
            throw new UserException($"There is no frame to paint into {Shown.Name(path)}.");
        }

        _writer.Release();
        File.Move(_partial, path, overwrite: true);
    }

    // A full path, in which FFmpeg sees no protocol, and no other way of writing: one of them is pictures by a pattern.
    private bool Open(Size size) =>
        _writer.Open(
            Path.GetFullPath(_partial),
            VideoCaptureAPIs.FFMPEG,
            FourCC.FromString("mp4v"),
            VideoPace.Encodable(frameRate),
            size
        );

    public void Dispose()
    {
        _writer.Dispose();
        File.Delete(_partial);
    }
}
