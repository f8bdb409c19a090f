using System.Buffers;

namespace Tdv.MLNet.Video;

/// <summary>
/// Pillow's antialiased bilinear resize, bit for bit: the network was trained on pictures shrunk this way. The aspect
/// ratio is not preserved. A fourth channel is treated like the others (Pillow would weight colors by opacity).
/// </summary>
internal static class AntialiasedResize
{
    private const int Half = 1 << (ResizeCoefficients.FractionBits - 1);

    /// <summary>Resizes interleaved bytes [sourceHeight, sourceWidth, channels] into [targetHeight, targetWidth, channels].</summary>
    /// <param name="source">The picture, row by row, without padding.</param>
    /// <param name="sourceHeight">Rows of the source.</param>
    /// <param name="sourceWidth">Pixels in a row of the source.</param>
    /// <param name="channels">3 or 4.</param>
    /// <param name="target">Receives the picture; must not overlap the source.</param>
    /// <param name="targetHeight">Rows of the target.</param>
    /// <param name="targetWidth">Pixels in a row of the target.</param>
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
            ReadOnlySpan<byte> from = source.Slice(y * sourceStride, sourceStride);
            Span<byte> to = target.Slice(y * targetStride, targetStride);
            for (int x = 0; x < targetWidth; x++)
            {
                ReadOnlySpan<int> weights = coefficients.Weights(x);
                ReadOnlySpan<byte> pixels = from.Slice(coefficients.Start(x) * channels, weights.Length * channels);
                Span<byte> pixel = to.Slice(x * channels, channels);
                SumColors(pixels, channels, weights, pixel);
                if (channels == 4)
                {
                    SumAlpha(pixels, weights, pixel);
                }
            }
        }
    }

    private static void SumColors(ReadOnlySpan<byte> pixels, int channels, ReadOnlySpan<int> weights, Span<byte> pixel)
    {
        int first = Half;
        int second = Half;
        int third = Half;
        int position = 0;
        foreach (int weight in weights)
        {
            ReadOnlySpan<byte> colors = pixels.Slice(position, 3);
            first += colors[0] * weight;
            second += colors[1] * weight;
            third += colors[2] * weight;
            position += channels;
        }
        pixel[0] = ToByte(first);
        pixel[1] = ToByte(second);
        pixel[2] = ToByte(third);
    }

    private static void SumAlpha(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> weights, Span<byte> pixel)
    {
        int alpha = Half;
        for (int i = 0; i < weights.Length; i++)
        {
            alpha += pixels[(i * 4) + 3] * weights[i];
        }
        pixel[3] = ToByte(alpha);
    }

    private static void Vertical(ReadOnlySpan<byte> source, int sourceHeight, Span<byte> target, int targetHeight)
    {
        var coefficients = new ResizeCoefficients(sourceHeight, targetHeight);
        int stride = source.Length / sourceHeight;
        int[] rented = ArrayPool<int>.Shared.Rent(stride);
        Span<int> sums = rented.AsSpan(0, stride);
        for (int y = 0; y < targetHeight; y++)
        {
            ReadOnlySpan<int> weights = coefficients.Weights(y);
            sums.Fill(Half);
            for (int i = 0; i < weights.Length; i++)
            {
                AddWeighted(source.Slice((coefficients.Start(y) + i) * stride, stride), weights[i], sums);
            }
            Span<byte> row = target.Slice(y * stride, stride);
            for (int x = 0; x < sums.Length && x < row.Length; x++)
            {
                row[x] = ToByte(sums[x]);
            }
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    private static void AddWeighted(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        for (int x = 0; x < row.Length && x < sums.Length; x++)
        {
            sums[x] += row[x] * weight;
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResizeCoefficients.FractionBits, 0, 255);
}
