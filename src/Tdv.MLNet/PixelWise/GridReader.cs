using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>Reads a row's features into one array [cells, dimension], positions appended.</summary>
internal sealed class GridReader
{
    private readonly GridColumns _grid;
    private readonly ValueGetter<VBuffer<float>>[] _getters;
    private readonly PictureStretch?[] _stretches;
    private VBuffer<float> _values;

    public GridReader(DataViewRow row, GridColumns grid)
    {
        _grid = grid;
        _getters = grid.Columns.Select(column => FiniteValues.Getter(row, column)).ToArray();
        _stretches =
        [
            .. grid.Grids.Select(own =>
                own == (grid.Height, grid.Width)
                    ? null
                    : new PictureStretch(grid.Height, grid.Width, own.Height, own.Width)
            ),
        ];
        Cells = new float[grid.Cells * grid.Dimension];
        if (grid.HasPositions)
        {
            WritePositions();
        }
    }

    /// <summary>The current row's features [gridHeight × gridWidth, D], row-major.</summary>
    public float[] Cells { get; }

    public void Read()
    {
        var offset = 0;
        for (var i = 0; i < _getters.Length; i++)
        {
            _getters[i](ref _values);
            Getters.Densify(ref _values);
            Copy(i, offset);
            offset += _grid.Depths[i];
        }
    }

    private void Copy(int column, int offset)
    {
        var (height, width) = _grid.Grids[column];
        var depth = _grid.Depths[column];
        var length = height * width * depth;
        if (_values.Length != length)
        {
            throw new InvalidOperationException(
                $"A row of a feature column has {_values.Length} values; its type promises {length}."
            );
        }

        var dense = _values.GetValues();
        for (var cell = 0; cell < _grid.Cells; cell++)
        {
            var target = Cells.AsSpan(cell * _grid.Dimension + offset, depth);
            if (_stretches[column] is { } stretch)
            {
                stretch.Interpolate(dense, cell, target);
            }
            else
            {
                dense.Slice(cell * depth, depth).CopyTo(target);
            }
        }
    }

    private void WritePositions()
    {
        for (var cell = 0; cell < _grid.Cells; cell++)
        {
            var y = Center(cell / _grid.Width, _grid.Height);
            var x = Center(cell % _grid.Width, _grid.Width);
            ReadOnlySpan<float> position = [y, x, y * y, x * x, x * y];
            position.CopyTo(Cells.AsSpan((cell + 1) * _grid.Dimension - GridColumns.PositionCount));
        }
    }

    private static float Center(int index, int count) => (2f * index + 1) / count - 1;
}
