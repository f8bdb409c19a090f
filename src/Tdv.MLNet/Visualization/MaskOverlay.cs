using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>
/// Lays masks over their frames, half transparent, with a thin white line where classes meet and a legend of the classes
/// below.
/// </summary>
public sealed class MaskOverlay
{
    private const int PixelSize = 4;
    private const int Swatch = 14;
    private readonly MaskLegend _legend;

    /// <summary>The legend that was drawn last: frames of a video are all of one width.</summary>
    private Tuple<int, byte[]>? _below;

    /// <summary>An overlay of known classes.</summary>
    /// <param name="classes">As <c>LoadMasks</c> takes them; see <see cref="MaskClass.ReadFile"/>.</param>
    public MaskOverlay(IReadOnlyList<MaskClass> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        _legend = MaskLegend.Of(classes);
    }

    /// <summary>An overlay of the classes that a column of masks tells of itself, such as that of predictions.</summary>
    /// <param name="column">A mask column, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>.</param>
    /// <exception cref="ArgumentException">It is no such column.</exception>
    public MaskOverlay(DataViewSchema.Column column)
    {
        var faults = new Faults();
        ColumnCheck.Require(column, ColumnKind.Mask, faults);
        faults.ThrowIfAny("The classes of masks cannot be read:");
        _legend = MaskLegend.Of(column);
    }

    /// <summary>Paints a mask over its frame.</summary>
    /// <param name="frame">The frame; it stays as it is.</param>
    /// <param name="mask">Keys, row-major, as large as the frame; 0 leaves a pixel as it is.</param>
    /// <param name="legend">Whether the classes are named below. Default: true.</param>
    /// <returns>A picture to be disposed of by the caller, as wide as the frame.</returns>
    /// <exception cref="ArgumentException">The mask is of another size, or has keys beyond the classes.</exception>
    public MLImage Paint(MLImage frame, ReadOnlySpan<uint> mask, bool legend = true)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Check(frame, mask);
        byte[] below = legend ? LegendPixels(frame.Width) : [];
        int length = mask.Length * PixelSize;
        byte[] pixels = ArrayPool<byte>.Shared.Rent(length + below.Length);
        try
        {
            MaskPixels.Mix(frame, mask, _legend.Colors, MemoryMarshal.Cast<byte, uint>(pixels.AsSpan(0, length)));
            below.CopyTo(pixels, length);
            return MLImage.CreateFromPixels(
                frame.Width,
                frame.Height + (below.Length / PixelSize / frame.Width),
                MLPixelFormat.Bgra32,
                pixels.AsSpan(0, length + below.Length)
            );
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    /// <summary>The classes' colors and names.</summary>
    /// <param name="width">Pixels; the height is what the names need.</param>
    /// <returns>A picture to be disposed of by the caller.</returns>
    internal MLImage Legend(int width)
    {
        var places = Places(width);
        return Lettering.Draw(
            width,
            (places[^1].Line + 1) * Lettering.LineHeight,
            canvas =>
            {
                using var pen = Lettering.Pen(Lettering.Ink);
                for (int i = 0; i < places.Count; i++)
                {
                    var (x, line) = places[i];
                    float middle = (line + 0.5f) * Lettering.LineHeight;
                    using var fill = new SKPaint { Color = new SKColor(0xFF000000 | _legend.Colors[i]) };
                    canvas.DrawRect(x, middle - (Swatch / 2f), Swatch, Swatch, fill);
                    canvas.DrawText(_legend.Names[i], x + Swatch + Lettering.Gap, middle + Lettering.Drop, pen);
                }
            }
        );
    }

    private byte[] LegendPixels(int width)
    {
        var below = _below;
        if (below?.Item1 != width)
        {
            using var picture = _legend.Count > 0 ? Legend(width) : null;
            _below = below = new(width, picture is null ? [] : picture.Pixels.ToArray());
        }

        return below.Item2;
    }

    private void Check(MLImage frame, ReadOnlySpan<uint> mask)
    {
        var faults = new Faults();
        faults.Check(
            mask.Length == frame.Width * frame.Height,
            $"The mask has {mask.Length} pixels; the frame has {frame.Width} × {frame.Height}."
        );
        if (mask.ContainsAnyExceptInRange(0u, (uint)_legend.Count))
        {
            faults.Add(
                $"The mask has the key {mask.ToArray().Max()}; there are {_legend.Count} classes that are not ignored."
            );
        }

        faults.ThrowIfAny("The mask cannot be painted:");
    }

    private List<(float X, int Line)> Places(int width)
    {
        using var pen = Lettering.Pen(Lettering.Ink);
        var places = new List<(float X, int Line)>();
        float x = Lettering.Gap;
        int line = 0;
        foreach (string name in _legend.Names)
        {
            float length = Swatch + Lettering.Gap + pen.MeasureText(name) + (2 * Lettering.Gap);
            if (x + length > width && x > Lettering.Gap)
            {
                (x, line) = (Lettering.Gap, line + 1);
            }

            places.Add((x, line));
            x += length;
        }

        return places;
    }
}
