using Microsoft.ML.Data;

namespace Tdv.MLNet.Visualization;

/// <summary>Stretches a grid of values bilinearly and colors the pixels.</summary>
internal static class GridPicture
{
    private const int PixelSize = 4;

    /// <summary>The color of a pixel's values.</summary>
    public delegate (byte Red, byte Green, byte Blue) Coloring(ReadOnlySpan<float> values);

    /// <exception cref="ArgumentException">The numbers do not make the grid that they should.</exception>
    public static void CheckSize(int length, int rows, int columns, int depth, string parameter)
    {
        if (depth < 1 || length != (long)rows * columns * depth)
        {
            throw new ArgumentException(
                $"There are {length} values; a grid of {rows} × {columns} cells with {Math.Max(depth, 1)} values each has "
                    + $"{(long)rows * columns * Math.Max(depth, 1)}.",
                parameter
            );
        }
    }

    /// <param name="grid"><c>[rows × columns × depth]</c></param>
    public static MLImage Paint(
        ReadOnlySpan<float> grid,
        int rows,
        int columns,
        int width,
        int height,
        Coloring coloring
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int depth = grid.Length / (rows * columns);
        var across = Places(columns, width);
        var down = Places(rows, height);
        var pixels = new byte[width * height * PixelSize];
        var values = new float[depth];
        for (int i = 0; i < width * height; i++)
        {
            var (top, bottom, below) = down[i / width];
            var (left, right, beside) = across[i % width];
            for (int k = 0; k < depth; k++)
            {
                float upper = Mix(grid[Index(top, left) + k], grid[Index(top, right) + k], beside);
                float lower = Mix(grid[Index(bottom, left) + k], grid[Index(bottom, right) + k], beside);
                values[k] = Mix(upper, lower, below);
            }

            var pixel = pixels.AsSpan(i * PixelSize, PixelSize);
            (pixel[0], pixel[1], pixel[2]) = coloring(values);
            pixel[3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);

        int Index(int row, int column) => ((row * columns) + column) * depth;
    }

    /// <summary>A neighbor without a share says nothing, not even that it is no number.</summary>
    private static float Mix(float one, float other, float share) => share == 0 ? one : one + ((other - one) * share);

    /// <summary>For each pixel the cells beside its center, and how far it lies from the first to the second.</summary>
    private static (int Before, int After, float Share)[] Places(int cells, int pixels) =>
        [
            .. Enumerable
                .Range(0, pixels)
                .Select(pixel =>
                {
                    float place = Math.Clamp(((pixel + 0.5f) * cells / pixels) - 0.5f, 0, cells - 1);
                    int before = (int)place;
                    return (before, Math.Min(before + 1, cells - 1), place - before);
                }),
        ];
}
