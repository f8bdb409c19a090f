using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// Pillow's antialiased bilinear resize, bit for bit: the network was trained on pictures shrunk this way. The aspect
/// ratio is not preserved. A fourth channel is treated like the others (Pillow would weight colors by opacity).
/// </summary>
internal static class AntialiasedResize
{
    private const int Half = 1 << (ResizeCoefficients.FractionBits - 1);

    /// <summary>Resizes interleaved bytes [sourceHeight, sourceWidth, channels] into [targetHeight, targetWidth, channels].</summary>
    /// <param name="source">The picture, row by row, without padding.</param>
    /// <param name="channels">3 or 4.</param>
    /// <param name="target">Receives the picture; must not overlap the source.</param>
    /// <exception cref="ArgumentException">A size is not positive, or a span is shorter than its size says.</exception>
    public static void Run(
        ReadOnlySpan<byte> source,
        int sourceHeight,
        int sourceWidth,
        int channels,
        Span<byte> target,
        int targetHeight,
        int targetWidth
    )
    {
        Check(source.Length, sourceHeight, sourceWidth, channels, "source");
        Check(target.Length, targetHeight, targetWidth, channels, "target");
        source = source[..(sourceHeight * sourceWidth * channels)];
        target = target[..(targetHeight * targetWidth * channels)];
        if (sourceWidth == targetWidth && sourceHeight == targetHeight)
        {
            source.CopyTo(target);
        }
        else if (sourceWidth == targetWidth)
        {
            Vertical(source, sourceHeight, target, targetHeight);
        }
        else if (sourceHeight == targetHeight)
        {
            Horizontal(source, sourceWidth, target, targetWidth, channels);
        }
        else
        {
            int size = sourceHeight * targetWidth * channels;
            byte[] between = ArrayPool<byte>.Shared.Rent(size);
            Horizontal(source, sourceWidth, between.AsSpan(0, size), targetWidth, channels);
            Vertical(between.AsSpan(0, size), sourceHeight, target, targetHeight);
            ArrayPool<byte>.Shared.Return(between);
        }
    }

    private static void Check(int length, int height, int width, int channels, string name)
    {
        if (height <= 0 || width <= 0 || channels is not (3 or 4) || length < (long)height * width * channels)
        {
            throw new ArgumentException(
                $"The {name} of a resize is {height}×{width}×{channels} in {length} bytes; sizes must be positive, "
                    + "channels 3 or 4, and the bytes no fewer than their product."
            );
        }
    }

    private static void Horizontal(
        ReadOnlySpan<byte> source,
        int sourceWidth,
        Span<byte> target,
        int targetWidth,
        int channels
    )
    {
        var coefficients = new ResizeCoefficients(sourceWidth, targetWidth);
        int sourceStride = sourceWidth * channels;
        int targetStride = targetWidth * channels;
        for (int y = 0; y < target.Length / targetStride; y++)
        {
            // To the end of the picture, not of the row: a pixel of three channels is read together with the byte after it.
            ReadOnlySpan<byte> from = source[(y * sourceStride)..];
            Span<byte> to = target.Slice(y * targetStride, targetStride);
            for (int x = 0; x < targetWidth; x++)
            {
                var sum = Sum(from[(coefficients.Start(x) * channels)..], channels, coefficients.Weights(x));
                Span<byte> pixel = to.Slice(x * channels, channels);
                for (int channel = 0; channel < pixel.Length; channel++)
                {
                    pixel[channel] = (byte)sum.GetElement(channel);
                }
            }
        }
    }

    /// <summary>The weighted sum of neighboring pixels, a channel in each element.</summary>
    private static Vector128<int> Sum(ReadOnlySpan<byte> pixels, int channels, ReadOnlySpan<int> weights)
    {
        var sum = Vector128.Create(Half);
        foreach (int weight in weights)
        {
            sum += Pixel(pixels) * weight;
            pixels = pixels[channels..];
        }

        return ToBytes(sum);
    }

    private static Vector128<int> Pixel(ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length < sizeof(uint))
        {
            return Vector128.Create(pixels[0], pixels[1], pixels[2], 0);
        }

        var bytes = Vector128.CreateScalarUnsafe(MemoryMarshal.Read<uint>(pixels)).AsByte();
        return Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
    }

    private static void Vertical(ReadOnlySpan<byte> source, int sourceHeight, Span<byte> target, int targetHeight)
    {
        var coefficients = new ResizeCoefficients(sourceHeight, targetHeight);
        int stride = source.Length / sourceHeight;
        for (int y = 0; y < targetHeight; y++)
        {
            ReadOnlySpan<int> weights = coefficients.Weights(y);
            ReadOnlySpan<byte> from = source.Slice(coefficients.Start(y) * stride, weights.Length * stride);
            Span<byte> row = target.Slice(y * stride, stride);
            int x = 0;
            for (; x <= stride - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                SumColumns(from[x..], stride, weights).CopyTo(row[x..]);
            }

            for (; x < stride; x++)
            {
                int sum = Half;
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += from[(i * stride) + x] * weights[i];
                }

                row[x] = (byte)Math.Clamp(sum >> ResizeCoefficients.FractionBits, 0, byte.MaxValue);
            }
        }
    }

    /// <summary>The weighted sums of 16 neighboring columns.</summary>
    private static Vector128<byte> SumColumns(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> weights)
    {
        var half = Vector128.Create(Half);
        var (first, second, third, fourth) = (half, half, half, half);
        for (int i = 0; i < weights.Length; i++)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Create(rows[(i * stride)..]));
            var (one, two) = Vector128.Widen(lower);
            var (three, four) = Vector128.Widen(upper);
            first += one.AsInt32() * weights[i];
            second += two.AsInt32() * weights[i];
            third += three.AsInt32() * weights[i];
            fourth += four.AsInt32() * weights[i];
        }

        var low = Vector128.Narrow(ToBytes(first), ToBytes(second));
        var high = Vector128.Narrow(ToBytes(third), ToBytes(fourth));
        return Vector128.Narrow(low, high).AsByte();
    }

    private static Vector128<int> ToBytes(Vector128<int> sums) =>
        Vector128.Max(
            Vector128<int>.Zero,
            Vector128.Min(Vector128.Create((int)byte.MaxValue), sums >> ResizeCoefficients.FractionBits)
        );
}
