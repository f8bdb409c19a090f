using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// A video that is written beside its place and moved there when it is complete: what lies at the path is never half a
/// video. Disposing of an incomplete one removes it.
/// </summary>
internal sealed class PartialVideo(string path, double frameRate) : IDisposable
{
    // OpenCV knows the container by the ending.
    private readonly string _partial = Path.ChangeExtension(path, ".partial" + Path.GetExtension(path));
    private readonly VideoWriter _writer = new();

    public int Frames { get; private set; }

    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Write(Mat picture)
    {
        if (!_writer.IsOpened() && !_writer.Open(_partial, FourCC.FromString("mp4v"), frameRate, picture.Size()))
        {
            throw new UserException($"The video '{path}' cannot be written.");
        }

        _writer.Write(picture);
        Frames++;
    }

    /// <exception cref="UserException">No frame was written.</exception>
    public void Complete()
    {
        if (Frames == 0)
        {
            throw new UserException($"There is no frame to paint into '{path}'.");
        }

        _writer.Release();
        File.Move(_partial, path, overwrite: true);
    }

    public void Dispose()
    {
        _writer.Dispose();
        File.Delete(_partial);
    }
}
