using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>Lays masks over their frames, half transparent, with a legend of the classes below.</summary>
public sealed class MaskOverlay
{
    private const int PixelSize = 4;
    private const int LineHeight = 24;
    private const int Swatch = 14;
    private const int Gap = 8;
    private readonly MaskLegend _legend;

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
        byte[] pixels = Mix(frame, mask);
        using var below = legend && _legend.Count > 0 ? Legend(frame.Width) : null;
        return MLImage.CreateFromPixels(
            frame.Width,
            frame.Height + (below?.Height ?? 0),
            MLPixelFormat.Bgra32,
            below is null ? pixels : [.. pixels, .. below.Pixels]
        );
    }

    private void Check(MLImage frame, ReadOnlySpan<uint> mask)
    {
        var faults = new Faults();
        faults.Check(
            mask.Length == frame.Width * frame.Height,
            $"The mask has {mask.Length} pixels; the frame has {frame.Width} × {frame.Height}."
        );
        uint highest = 0;
        foreach (uint key in mask)
        {
            highest = Math.Max(highest, key);
        }

        faults.Check(
            highest <= _legend.Count,
            $"The mask has the key {highest}; there are {_legend.Count} classes that are not ignored."
        );
        faults.ThrowIfAny("The mask cannot be painted:");
    }

    /// <returns>Blue, green, red, opaque.</returns>
    private byte[] Mix(MLImage frame, ReadOnlySpan<uint> mask)
    {
        var source = frame.Pixels;
        int blue = frame.PixelFormat == MLPixelFormat.Bgra32 ? 0 : 2;
        var pixels = new byte[mask.Length * PixelSize];
        for (int i = 0; i < mask.Length; i++)
        {
            var from = source.Slice(i * PixelSize, PixelSize);
            var to = pixels.AsSpan(i * PixelSize, PixelSize);
            (to[0], to[1], to[2], to[3]) = (from[blue], from[1], from[2 - blue], byte.MaxValue);
            if (mask[i] > 0)
            {
                uint color = _legend.Colors[mask[i] - 1];
                for (int channel = 0; channel < 3; channel++)
                {
                    to[channel] = (byte)((to[channel] + ((color >> (8 * channel)) & byte.MaxValue)) / 2);
                }
            }
        }

        return pixels;
    }

    private List<(float X, int Line)> Places(int width)
    {
        using var pen = Lettering.Pen(Lettering.Ink);
        var places = new List<(float X, int Line)>();
        float x = Gap;
        int line = 0;
        foreach (string name in _legend.Names)
        {
            float length = Swatch + Gap + pen.MeasureText(name) + (2 * Gap);
            if (x + length > width && x > Gap)
            {
                (x, line) = (Gap, line + 1);
            }

            places.Add((x, line));
            x += length;
        }

        return places;
    }

    private MLImage Legend(int width)
    {
        var places = Places(width);
        return Lettering.Draw(
            width,
            (places[^1].Line + 1) * LineHeight,
            canvas =>
            {
                using var pen = Lettering.Pen(Lettering.Ink);
                for (int i = 0; i < places.Count; i++)
                {
                    var (x, line) = places[i];
                    float middle = (line + 0.5f) * LineHeight;
                    using var fill = new SKPaint { Color = new SKColor(0xFF000000 | _legend.Colors[i]) };
                    canvas.DrawRect(x, middle - (Swatch / 2f), Swatch, Swatch, fill);
                    canvas.DrawText(_legend.Names[i], x + Swatch + Gap, middle + Lettering.Drop, pen);
                }
            }
        );
    }
}
