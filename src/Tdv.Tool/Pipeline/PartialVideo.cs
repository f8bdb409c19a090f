using System.Globalization;
using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// A video that is written out of sight and takes its place when it is complete: what lies at the path is never half a
/// video. Disposing of an incomplete one removes it.
/// </summary>
/// <param name="folder">Where it goes.</param>
/// <param name="name">Its name there.</param>
/// <param name="frameRate">Frames per second, taken as exactly as the encoder can.</param>
/// <param name="model">SHA-256 of the model that it is a result of; null: of none.</param>
internal sealed class PartialVideo(OutputFolder folder, string name, double frameRate, string? model = null)
    : IDisposable
{
    // OpenCV knows the container by the ending.
    private readonly string _partial = folder.Beside(Path.GetExtension(name));
    private readonly VideoWriter _writer = new();

    public int Frames { get; private set; }

    private string Place => folder[name];

    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Write(Mat picture)
    {
        if (!_writer.IsOpened() && !Open(picture.Size()))
        {
            folder.RequireHold(name);
            throw new UserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The video {Shown.Name(Place)} of {picture.Width} × {picture.Height} pixels at {frameRate:0.###} frames per second cannot be written."
                )
            );
        }

        _writer.Write(picture);
        Frames++;
    }

    /// <exception cref="UserException">No frame was written, or not all of them reached the disk.</exception>
    public void Complete()
    {
        if (Frames == 0)
        {
            throw new UserException($"There is no frame to paint into {Shown.Name(Place)}.");
        }

        _writer.Release();
        RequireWhole();
        folder.Take(_partial, name, model);
    }

    /// <summary>The encoder keeps quiet about a full disk; the file's own index, its last part, tells.</summary>
    private void RequireWhole()
    {
        using var written = new VideoCapture(Path.GetFullPath(_partial), VideoCaptureAPIs.FFMPEG);
        if (!written.IsOpened() || written.FrameCount != Frames)
        {
            folder.RequireHold(name);
            throw new UserException(
                $"The video {Shown.Name(Place)} cannot be written: its {Frames} frames did not all reach the disk. Is it full?"
            );
        }
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
        if (File.Exists(_partial))
        {
            File.Delete(_partial);
        }
    }
}
