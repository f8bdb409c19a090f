using System.Buffers;

namespace Tdv.MLNet.PixelWise;

/// <summary>The mean over a window around each point, cut off at the borders, at a cost that does not depend on its size.</summary>
internal sealed class BoxMean(int height, int width, int radius)
{
    public void Apply(ReadOnlySpan<float> source, Span<float> target) => ApplyProduct(source, [], target);

    /// <summary>The mean of the product of two planes; of the first alone, where the second is empty.</summary>
    public void ApplyProduct(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> target)
    {
        var pooled = ArrayPool<double>.Shared.Rent(width);
        var sums = pooled.AsSpan(0, width);
        sums.Clear();
        for (var y = 0; y < Math.Min(radius, height); y++)
        {
            Add(first, second, y, 1, sums);
        }

        for (var y = 0; y < height; y++)
        {
            if (y + radius < height)
            {
                Add(first, second, y + radius, 1, sums);
            }

            if (y - radius - 1 >= 0)
            {
                Add(first, second, y - radius - 1, -1, sums);
            }

            var rows = Math.Min(y + radius, height - 1) - Math.Max(y - radius, 0) + 1;
            Across(sums, rows, target.Slice(y * width, width));
        }

        ArrayPool<double>.Shared.Return(pooled);
    }

    private void Add(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int row, int sign, Span<double> sums)
    {
        var a = first.Slice(row * width, width);
        if (second.IsEmpty)
        {
            for (var x = 0; x < width; x++)
            {
                sums[x] += sign * a[x];
            }

            return;
        }

        var b = second.Slice(row * width, width);
        for (var x = 0; x < width; x++)
        {
            sums[x] += sign * (a[x] * b[x]);
        }
    }

    private void Across(Span<double> sums, int rows, Span<float> target)
    {
        var sum = 0.0;
        for (var x = 0; x < Math.Min(radius, width); x++)
        {
            sum += sums[x];
        }

        for (var x = 0; x < width; x++)
        {
            sum += x + radius < width ? sums[x + radius] : 0;
            sum -= x - radius - 1 >= 0 ? sums[x - radius - 1] : 0;
            var columns = Math.Min(x + radius, width - 1) - Math.Max(x - radius, 0) + 1;
            target[x] = (float)(sum / (rows * columns));
        }
    }
}
