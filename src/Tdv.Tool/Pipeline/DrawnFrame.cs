using OpenCvSharp;

namespace Tdv.Tool.Pipeline;

/// <summary>A picture to be written into a video.</summary>
/// <param name="Time">In seconds.</param>
/// <param name="Picture">As it is written.</param>
internal sealed record DrawnFrame(float Time, Mat Picture) : IDisposable
{
    public void Dispose() => Picture.Dispose();
}
