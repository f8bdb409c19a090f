using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>Feature columns, read side by side on the finest grid among theirs.</summary>
internal sealed class GridColumns
{
    /// <summary>y, x, y², x², xy.</summary>
    public const int PositionCount = 5;

    private GridColumns(DataViewSchema.Column[] columns, bool positions)
    {
        Columns = columns;
        var shapes = columns.Select(column => ((VectorDataViewType)column.Type).Dimensions).ToArray();
        Grids = [.. shapes.Select(shape => (shape[0], shape[1]))];
        (Height, Width) = Grids.MaxBy(grid => (long)grid.Height * grid.Width);
        Depths = [.. shapes.Select(shape => shape[2])];
        HasPositions = positions;
        Dimension = Depths.Sum() + (positions ? PositionCount : 0);
    }

    public IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>The grid of each column; coarser ones are interpolated.</summary>
    public IReadOnlyList<(int Height, int Width)> Grids { get; }

    public int Height { get; }

    public int Width { get; }

    public int Cells => Height * Width;

    /// <summary>The number of features of each column.</summary>
    public IReadOnlyList<int> Depths { get; }

    public bool HasPositions { get; }

    /// <summary>Features of a cell, positions included.</summary>
    public int Dimension { get; }

    /// <summary>Finds the columns; null, with what is wrong added to <paramref name="faults"/>, if they do not fit.</summary>
    public static GridColumns? Bind(DataViewSchema schema, IReadOnlyList<string> names, bool positions, Faults faults)
    {
        var columns = names.Select(name => ColumnCheck.Require(schema, name, ColumnKind.Grid, faults)).ToArray();
        return Array.TrueForAll(columns, column => column is not null)
            ? new GridColumns([.. columns.Select(column => column!.Value)], positions)
            : null;
    }
}
