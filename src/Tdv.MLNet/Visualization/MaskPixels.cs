using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Visualization;

/// <summary>Mixes masks into pictures: fast enough for videos.</summary>
internal static class MaskPixels
{
    private const uint Opaque = 0xFF000000;
    private const uint Rim = 0xFFFFFFFF;

    /// <param name="frame">The picture; it stays as it is.</param>
    /// <param name="mask">Keys, row-major, as large as the picture; 0 leaves a pixel as it is.</param>
    /// <param name="colors">0xRRGGBB, of key 1 first.</param>
    /// <param name="target">0xAARRGGBB, as large as the picture; written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(MLImage frame, ReadOnlySpan<uint> mask, uint[] colors, Span<uint> target)
    {
        int width = frame.Width;
        bool isRgba = frame.PixelFormat == MLPixelFormat.Rgba32;
        var source = MemoryMarshal.Cast<byte, uint>(frame.Pixels);
        uint[] palette = [0, .. colors.Select(color => isRgba ? Swap(new Vector<uint>(color))[0] : color)];
        for (int start = 0; start < target.Length; start += width)
        {
            var pixels = source.Slice(start, width);
            var keys = mask.Slice(start, width);
            var row = target.Slice(start, width);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = keys[x] == 0 ? pixels[x] : palette[keys[x]];
            }

            Average(row, pixels, isRgba);
            // The last row has no row below: compared with itself, it has no line there.
            DrawRim(row, keys, start + width < mask.Length ? mask.Slice(start + width, width) : keys);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Average(Span<uint> target, ReadOnlySpan<uint> other, bool isRgba)
    {
        var t = MemoryMarshal.Cast<uint, Vector<uint>>(target);
        var o = MemoryMarshal.Cast<uint, Vector<uint>>(other);
        for (int i = 0; i < t.Length; i++)
        {
            t[i] = Mean(t[i], o[i], isRgba);
        }

        for (int i = t.Length * Vector<uint>.Count; i < target.Length; i++)
        {
            target[i] = Mean(new(target[i]), new(other[i]), isRgba)[0];
        }
    }

    /// <summary>The mean of each two bytes, rounded down, as 0xAARRGGBB.</summary>
    private static Vector<uint> Mean(Vector<uint> first, Vector<uint> second, bool isRgba)
    {
        var mean = (first & second) + (((first ^ second) >>> 1) & new Vector<uint>(0x7F7F7F7F));
        return (isRgba ? Swap(mean) : mean) | new Vector<uint>(Opaque);
    }

    /// <summary>Red for blue.</summary>
    private static Vector<uint> Swap(Vector<uint> pixels) =>
        (pixels & new Vector<uint>(0xFF00FF00))
        | ((pixels & new Vector<uint>(0xFF)) << 16)
        | ((pixels >>> 16) & new Vector<uint>(0xFF));

    /// <summary>Whole vectors of pixels that agree with their neighbors, the most, are passed over at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DrawRim(Span<uint> target, ReadOnlySpan<uint> keys, ReadOnlySpan<uint> below)
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
