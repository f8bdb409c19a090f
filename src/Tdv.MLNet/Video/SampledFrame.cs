using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>The pixels of one frame in managed memory, shared by the rows that show it. Never changed.</summary>
internal sealed class SampledFrame
{
    private readonly byte[] _bgra;

    private SampledFrame(byte[] bgra, int height, int width)
    {
        _bgra = bgra;
        Height = height;
        Width = width;
    }

    public int Height { get; }

    public int Width { get; }

    public int Bytes => _bgra.Length;

    /// <summary>Copies a BGR frame, resized if a size is given.</summary>
    public static SampledFrame Copy(Mat frame, int? height, int? width)
    {
        using Mat? continuous = frame.IsContinuous() ? null : frame.Clone();
        ReadOnlySpan<byte> pixels = AsBytes(continuous ?? frame);
        if (height is not { } rows || width is not { } columns)
        {
            return new SampledFrame(AddOpacity(pixels), frame.Rows, frame.Cols);
        }
        byte[] resized = new byte[rows * columns * 3];
        AntialiasedResize.Run(pixels, frame.Rows, frame.Cols, 3, resized, rows, columns);
        return new SampledFrame(AddOpacity(resized), rows, columns);
    }

    /// <summary>A new image that belongs to the caller.</summary>
    public MLImage ToImage() => MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, _bgra);

    private static unsafe ReadOnlySpan<byte> AsBytes(Mat frame) =>
        new(frame.DataPointer, checked((int)(frame.Total() * frame.ElemSize())));

    private static byte[] AddOpacity(ReadOnlySpan<byte> bgr)
    {
        byte[] bgra = new byte[bgr.Length / 3 * 4];
        for (int from = 0, to = 0; from < bgr.Length; from += 3, to += 4)
        {
            bgr.Slice(from, 3).CopyTo(bgra.AsSpan(to, 3));
            bgra[to + 3] = byte.MaxValue;
        }
        return bgra;
    }
}
