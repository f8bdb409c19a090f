using System.Numerics;
using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tdv.Tool.Painting;

/// <summary>Lays masks over frames: half transparent, with a thin line where classes meet.</summary>
internal static class Overlay
{
    private static readonly Vec3b Rim = new(255, 255, 255);

    /// <param name="frame">The frame, blue, green, red; it stays as it is.</param>
    /// <param name="keys">The mask, row-major, as large as the frame; 0 leaves a pixel as it is.</param>
    /// <param name="palette">The classes' colors.</param>
    public static Mat Paint(Mat frame, ReadOnlySpan<uint> keys, Palette palette)
    {
        var painted = frame.Clone();
        PaintOnto(painted, keys, palette);
        return painted;
    }

    /// <summary>As <see cref="Paint"/>, but the frame, whose rows lie one after the other, is changed.</summary>
    public static void PaintOnto(Mat frame, ReadOnlySpan<uint> keys, Palette palette)
    {
        int width = frame.Width;
        var pixels = frame.AsSpan<Vec3b>();
        Vec3b[] colors = [default, .. palette.Colors];
        var row = new Vec3b[width];
        for (int start = 0; start < pixels.Length; start += width)
        {
            var target = pixels.Slice(start, width);
            var here = keys.Slice(start, width);
            for (int x = 0; x < width; x++)
            {
                row[x] = here[x] == 0 ? target[x] : colors[here[x]];
            }

            Average(MemoryMarshal.AsBytes(target), MemoryMarshal.AsBytes(row.AsSpan()));
            // The last row has no row below: compared with itself, it has no line there.
            DrawRim(target, here, start + width < keys.Length ? keys.Slice(start + width, width) : here);
        }
    }

    /// <summary>The mean of each two bytes, rounded down.</summary>
    private static void Average(Span<byte> target, ReadOnlySpan<byte> other)
    {
        var t = MemoryMarshal.Cast<byte, Vector<byte>>(target);
        var o = MemoryMarshal.Cast<byte, Vector<byte>>(other);
        for (int i = 0; i < t.Length; i++)
        {
            t[i] = (t[i] & o[i]) + ((t[i] ^ o[i]) >>> 1);
        }

        for (int i = t.Length * Vector<byte>.Count; i < target.Length; i++)
        {
            target[i] = (byte)((target[i] + other[i]) / 2);
        }
    }

    /// <summary>Whole vectors of pixels that agree with their neighbors, the most, are passed over at once.</summary>
    private static void DrawRim(Span<Vec3b> target, ReadOnlySpan<uint> keys, ReadOnlySpan<uint> below)
    {
        int last = keys.Length - 1;
        for (int x = 0; x <= last; )
        {
            if (x + Vector<uint>.Count <= last)
            {
                var here = new Vector<uint>(keys[x..]);
                if (here == new Vector<uint>(keys[(x + 1)..]) && here == new Vector<uint>(below[x..]))
                {
                    x += Vector<uint>.Count;
                    continue;
                }
            }

            int end = Math.Min(x + Vector<uint>.Count, keys.Length);
            for (; x < end; x++)
            {
                if (keys[x] != below[x] || (x < last && keys[x] != keys[x + 1]))
                {
                    target[x] = Rim;
                }
            }
        }
    }
}
