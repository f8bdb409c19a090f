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
        double[] stored = Array.ConvertAll(position[width..], value => (double)value);
        double[] line = new double[grid * width];
        double[] token = new double[width];
        for (int row = 0; row < rows; row++)
        {
            Mix(down, row, stored, line);
            for (int column = 0; column < columns; column++)
            {
                Mix(across, column, line, token);
                int target = (1 + (row * columns) + column) * width;
                for (int k = 0; k < width; k++)
                {
                    resized[target + k] = (float)token[k];
                }
            }
        }

        return resized;
    }

    /// <summary>The weighted sum for one new place of the old places' values, which lie one behind the other.</summary>
    private static void Mix(double[,] weights, int place, double[] values, double[] sum)
    {
        Array.Clear(sum);
        for (int i = 0; i < weights.GetLength(1); i++)
        {
            double weight = weights[place, i];
            for (int k = 0; k < sum.Length && weight != 0; k++)
            {
                sum[k] += weight * values[(i * sum.Length) + k];
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
                weights[i, Math.Clamp(place, 0, old - 1)] += AntialiasedBicubic.Cubic(middle - place, A);
            }
        }

        return weights;
    }
}
