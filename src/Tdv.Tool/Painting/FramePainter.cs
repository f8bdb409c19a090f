using Microsoft.ML.Data;
using OpenCvSharp;

namespace Tdv.Tool.Painting;

/// <summary>Draws overlays with a legend below, one after the other; the legend is rendered once for all of a width.</summary>
internal sealed class FramePainter(Palette palette) : IDisposable
{
    private Mat? _strip;

    /// <param name="image">The frame.</param>
    /// <param name="keys">Its mask, as large as the frame.</param>
    public Mat Draw(MLImage image, ReadOnlySpan<uint> keys)
    {
        var strip = StripOf(image.Width);
        var canvas = new Mat(image.Height + strip.Height, image.Width, MatType.CV_8UC3);
        using var top = canvas.RowRange(0, image.Height);
        Pictures.CopyTo(image, top);
        Overlay.PaintOnto(top, keys, palette);
        using var bottom = canvas.RowRange(image.Height, canvas.Height);
        strip.CopyTo(bottom);
        return canvas;
    }

    public void Dispose() => _strip?.Dispose();

    private Mat StripOf(int width)
    {
        if (_strip?.Width != width)
        {
            _strip?.Dispose();
            _strip = Legend.Strip(palette, width);
        }

        return _strip;
    }
}
