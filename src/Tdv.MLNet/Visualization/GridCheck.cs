namespace Tdv.MLNet.Visualization;

/// <summary>Whether numbers make the grid that they should.</summary>
internal static class GridCheck
{
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Size(int length, int rows, int columns, int depth, string parameter)
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
}
