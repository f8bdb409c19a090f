namespace Tdv.MLNet.Model;

/// <summary>What <see cref="TokenEmbedding.PositionFor"/> does, in plain numbers: for networks that run without libtorch.</summary>
internal static class PositionGrid
{
    // PyTorch's kernel without antialiasing is Keys' with -0.75.
    private const double A = -0.75;
    private const int Taps = 4;

    /// <param name="position">The stored embedding, <c>[1, 1+grid², D]</c>.</param>
    /// <param name="grid">Patches along an edge that it is stored for.</param>
    /// <param name="rows">Patches along the image's height.</param>
    /// <param name="columns">Patches along the image's width.</param>
    /// <param name="antialiased">As of networks with registers.</param>
    /// <returns><c>[1, 1+rows·columns, D]</c></returns>
    public static float[] Resize(float[] position, int grid, int rows, int columns, bool antialiased)
    {
        if (rows == grid && columns == grid)
        {
            return position;
        }

        int width = position.Length / (1 + (grid * grid));
        double[,] down = antialiased ? AntialiasedBicubic.Weights(grid, rows) : Weights(grid, rows);
        double[,] across = antialiased ? AntialiasedBicubic.Weights(grid, columns) : Weights(grid, columns);
        float[] resized = new float[(1 + (rows * columns)) * width];
        // CLS has no place in the grid.
        position.AsSpan(0, width).CopyTo(resized);
        double[] line = new double[grid * width];
        double[] token = new double[width];
        for (int row = 0; row < rows; row++)
        {
            Mix(down, row, grid, line, i => position.AsSpan((1 + (i * grid)) * width, line.Length));
            for (int column = 0; column < columns; column++)
            {
                MixTokens(across, column, grid, token, line);
                var target = resized.AsSpan((1 + (row * columns) + column) * width, width);
                for (int k = 0; k < width; k++)
                {
                    target[k] = (float)token[k];
                }
            }
        }

        return resized;
    }

    private delegate ReadOnlySpan<float> Line(int index);

    private static void Mix(double[,] weights, int place, int count, double[] sum, Line line)
    {
        Array.Clear(sum);
        for (int i = 0; i < count; i++)
        {
            double weight = weights[place, i];
            var values = line(i);
            for (int k = 0; k < sum.Length && weight != 0; k++)
            {
                sum[k] += weight * values[k];
            }
        }
    }

    private static void MixTokens(double[,] weights, int place, int count, double[] sum, double[] line)
    {
        Array.Clear(sum);
        for (int j = 0; j < count; j++)
        {
            double weight = weights[place, j];
            for (int k = 0; k < sum.Length && weight != 0; k++)
            {
                sum[k] += weight * line[(j * sum.Length) + k];
            }
        }
    }

    /// <summary>The weight of each old place for each new one, <c>[size, old size]</c>; what lies outside is its edge.</summary>
    private static double[,] Weights(int old, int size)
    {
        double scale = old / (size + TokenEmbedding.InterpolationOffset);
        double[,] weights = new double[size, old];
        for (int i = 0; i < size; i++)
        {
            double middle = (scale * (i + 0.5)) - 0.5;
            int before = (int)Math.Floor(middle);
            for (int tap = 0; tap < Taps; tap++)
            {
                int place = before - 1 + tap;
                weights[i, Math.Clamp(place, 0, old - 1)] += Cubic(middle - place);
            }
        }

        return weights;
    }

    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1 : ((((((x - 5) * x) + 8) * x) - 4) * A);
    }
}
