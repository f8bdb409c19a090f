using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Interop;

namespace Tdv.MLNet.PixelWise;

/// <summary>Feature columns on one grid, read side by side.</summary>
internal sealed class GridColumns
{
    /// <summary>y, x, y², x², xy.</summary>
    public const int PositionCount = 5;

    private GridColumns(DataViewSchema.Column[] columns, int[] shape, bool positions)
    {
        Columns = columns;
        (Height, Width) = (shape[0], shape[1]);
        Depths = columns.Select(column => ((VectorDataViewType)column.Type).Dimensions[2]).ToArray();
        HasPositions = positions;
        Dimension = Depths.Sum() + (positions ? PositionCount : 0);
    }

    public IReadOnlyList<DataViewSchema.Column> Columns { get; }

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
        var before = faults.Count;
        var columns = new List<DataViewSchema.Column>();
        foreach (var name in names)
        {
            if (schema.GetColumnOrNull(name) is not { } column)
            {
                faults.Add($"there is no feature column '{name}'.");
            }
            else if (!IsGrid(column.Type))
            {
                faults.Add(
                    $"feature column '{name}' is of type {column.Type}; Vector<Single, height, width, dimension> of "
                        + "known size is expected."
                );
            }
            else
            {
                columns.Add(column);
            }
        }

        if (faults.Count > before)
        {
            return null;
        }

        var shapes = columns.Select(column => ((VectorDataViewType)column.Type).Dimensions).ToArray();
        if (shapes.Any(shape => shape[0] != shapes[0][0] || shape[1] != shapes[0][1]))
        {
            var found = columns.Zip(shapes, (column, shape) => $"'{column.Name}' on {shape[0]}×{shape[1]} cells");
            faults.Add(
                $"feature columns must lie on the same grid, but are {string.Join(", ", found)} (height×width)."
            );
            return null;
        }

        return new GridColumns([.. columns], [.. shapes[0]], positions);
    }

    private static bool IsGrid(DataViewType type) =>
        type is VectorDataViewType { Dimensions.Length: 3, Size: > 0 } vector
        && vector.ItemType == NumberDataViewType.Single;
}
