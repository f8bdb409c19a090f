using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class LocalCorrelationTests
{
    /// <summary>Depths that are and are not whole vectors, widths that are and are not whole blocks.</summary>
    [Theory]
    [InlineData(5, 7, 3, 2, 2, 2, 2)]
    [InlineData(4, 8, 16, 1, 1, 3, 0)]
    [InlineData(3, 9, 37, 0, 0, 20, 0)]
    [InlineData(6, 6, 8, 9, 9, 9, 9)]
    public void A_row_holds_every_cosine_of_the_window(
        int rows,
        int columns,
        int depth,
        int up,
        int down,
        int left,
        int right
    )
    {
        var window = new CorrelationWindow(up, down, left, right);
        var (a, b) = (Grid(rows, columns, depth, 1), Grid(rows, columns, depth, 2));
        var cosines = new float[columns * window.Count];
        for (int row = 0; row < rows; row++)
        {
            LocalCorrelation.Row(a, row, b, window, cosines);
            for (int column = 0; column < columns; column++)
            {
                for (int dy = -up; dy <= down; dy++)
                {
                    for (int dx = -left; dx <= right; dx++)
                    {
                        float found = cosines[(column * window.Count) + ((dy + up) * window.Columns) + dx + left];
                        Assert.Equal(Cosine(a, b, row, column, row + dy, column + dx), found, 1e-5f);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_point_is_sought_where_the_window_lies_inside()
    {
        var grid = Grid(3, 4, 5, 1);
        var window = CorrelationWindow.Square(1);
        var cosines = new float[window.Count];
        LocalCorrelation.Point(grid[7], 0, 3, grid, window, cosines);
        float[] expected = [.. Enumerable.Range(0, 9).Select(i => Cosine(grid, grid, 1, 3, -1 + (i / 3), 2 + (i % 3)))];
        Assert.Equal(expected.Length, cosines.Length);
        Assert.All(expected.Zip(cosines), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(1, cosines[7], 1e-5f);
    }

    [Fact]
    public void A_cell_without_features_correlates_with_nothing()
    {
        var grid = new FeatureGrid(1, 2, 2);
        grid.Set([0, 0, 3, 4]);
        Assert.Equal([0f, 0f, 0.6f, 0.8f], grid.Unit);
    }

    private static FeatureGrid Grid(int rows, int columns, int depth, int seed)
    {
        var random = new Random(seed);
        var grid = new FeatureGrid(rows, columns, depth);
        grid.Set([.. Enumerable.Range(0, rows * columns * depth).Select(_ => random.NextSingle() - 0.5f)]);
        return grid;
    }

    private static float Cosine(FeatureGrid a, FeatureGrid b, int row, int column, int otherRow, int otherColumn)
    {
        if (otherRow < 0 || otherRow >= b.Rows || otherColumn < 0 || otherColumn >= b.Columns)
        {
            return float.NegativeInfinity;
        }

        double sum = 0;
        for (int i = 0; i < a.Depth; i++)
        {
            sum +=
                (double)a.Unit[(((row * a.Columns) + column) * a.Depth) + i]
                * b.Unit[(((otherRow * b.Columns) + otherColumn) * b.Depth) + i];
        }

        return (float)sum;
    }
}
