namespace Tdv.MLNet.Tests.Motion;

/// <summary>The protocol of DINO's video object segmentation, told in plain loops over everything, in double.</summary>
internal sealed class NaivePropagation(int rows, int columns, int depth, int classes, PropagationOptions options)
{
    private readonly List<(double[][] Features, double[][] Shares)> _carried = [];
    private (double[][] Features, double[][] Shares) _first;

    public double[][] Give(float[] features, uint[] keys, int height, int width)
    {
        double[][] shares = new double[rows * columns][];
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                int fromY = (int)Math.Floor((y + 0.5) * height / rows);
                int fromX = (int)Math.Floor((x + 0.5) * width / columns);
                double[] one = new double[classes];
                one[keys[(fromY * width) + fromX] - 1] = 1;
                shares[(y * columns) + x] = one;
            }
        }

        _first = (Split(features), shares);
        return shares;
    }

    public double[][] Carry(float[] features)
    {
        double[][] own = Split(features);
        double[][] shares = [.. own.Select((cell, i) => Cell(cell, i / columns, i % columns))];
        _carried.Add((own, shares));
        return shares;
    }

    /// <summary>Keys at the size of a mask.</summary>
    public uint[] Paint(double[][] shares, int height, int width)
    {
        int scale = options.PatchSize;
        var (tall, wide) = (rows * scale, columns * scale);
        double[][] planes = new double[classes][];
        for (int c = 0; c < classes; c++)
        {
            planes[c] = new double[tall * wide];
            for (int i = 0; i < tall * wide; i++)
            {
                planes[c][i] = Bilinear(
                    shares,
                    c,
                    (((i / wide) + 0.5) / scale) - 0.5,
                    (((i % wide) + 0.5) / scale) - 0.5
                );
            }

            if (options.Decision == MaskDecision.Stretched && planes[c].Max() > 0)
            {
                double least = planes[c].Min();
                double range = planes[c].Max() - least;
                planes[c] = [.. planes[c].Select(value => (value - least) / range)];
            }
        }

        uint[] keys = new uint[height * width];
        for (int i = 0; i < keys.Length; i++)
        {
            int y = (int)Math.Floor(((i / width) + 0.5) * tall / height);
            int x = (int)Math.Floor(((i % width) + 0.5) * wide / width);
            keys[i] = (uint)Enumerable.Range(0, classes).MaxBy(c => planes[c][(y * wide) + x]) + 1;
        }

        return keys;
    }

    private double[] Cell(double[] cell, int y, int x)
    {
        var all = new List<(double Affinity, double[] Shares)>();
        var context = _carried.Skip(Math.Max(0, _carried.Count - options.ContextFrames)).Prepend(_first);
        foreach (var (features, shares) in context)
        {
            for (int i = 0; i < features.Length; i++)
            {
                if (Math.Abs((i / columns) - y) <= options.Radius && Math.Abs((i % columns) - x) <= options.Radius)
                {
                    double cosine = cell.Zip(features[i], (a, b) => a * b).Sum();
                    all.Add((Math.Exp(cosine / options.Temperature), shares[i]));
                }
            }
        }

        var best = all.OrderByDescending(one => one.Affinity).Take(options.Neighbors).ToArray();
        double sum = best.Sum(one => one.Affinity);
        return [.. Enumerable.Range(0, classes).Select(c => best.Sum(one => one.Affinity * one.Shares[c]) / sum)];
    }

    private double Bilinear(double[][] shares, int c, double y, double x)
    {
        (y, x) = (Math.Clamp(y, 0, rows - 1), Math.Clamp(x, 0, columns - 1));
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, rows - 1), Math.Min(left + 1, columns - 1));
        double upper = ((1 - (x - left)) * At(top, left)) + ((x - left) * At(top, right));
        double lower = ((1 - (x - left)) * At(bottom, left)) + ((x - left) * At(bottom, right));
        return ((1 - (y - top)) * upper) + ((y - top) * lower);

        double At(int row, int column) => shares[(row * columns) + column][c];
    }

    private double[][] Split(float[] features) =>
        [
            .. features
                .Chunk(depth)
                .Select(cell =>
                {
                    double length = Math.Sqrt(cell.Sum(value => (double)value * value));
                    return cell.Select(value => value / length).ToArray();
                }),
        ];
}
