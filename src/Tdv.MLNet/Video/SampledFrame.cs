using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>The pixels of one frame in managed memory, shared by the rows that show it. Never changed.</summary>
internal sealed class SampledFrame
{
    private readonly byte[] _bgra;
    private readonly int _height;
    private readonly int _width;

    /// <summary>Copies a BGR frame, resized if a size is given.</summary>
    public SampledFrame(Mat frame, int? height, int? width)
    {
        _height = height ?? frame.Rows;
        _width = width ?? frame.Cols;
        _bgra = new byte[_height * _width * 4];
        using Mat opaque = frame.CvtColor(ColorConversionCodes.BGR2BGRA);
        AntialiasedResize.Run(AsBytes(opaque), frame.Rows, frame.Cols, 4, _bgra, _height, _width);
    }

    public int Bytes => _bgra.Length;

    /// <summary>A new image that belongs to the caller.</summary>
    public MLImage ToImage() => MLImage.CreateFromPixels(_width, _height, MLPixelFormat.Bgra32, _bgra);

    private static unsafe ReadOnlySpan<byte> AsBytes(Mat frame) =>
        new(frame.DataPointer, checked((int)(frame.Total() * frame.ElemSize())));
}
