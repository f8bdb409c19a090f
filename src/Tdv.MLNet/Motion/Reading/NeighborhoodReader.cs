using Microsoft.ML;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>Reads each cell's features together with those of the cells around it.</summary>
/// <param name="radius">Cells to each side.</param>
internal sealed class NeighborhoodReader(DataViewRow row, GridColumns grid, int radius)
{
    private readonly GridReader _reader = new(row, grid);
    private readonly int _side = (2 * radius) + 1;

    public static int Width(int depth, int radius) => checked(depth * ((2 * radius) + 1) * ((2 * radius) + 1));

    public void Read() => _reader.Read();

    /// <param name="cell">Row-major.</param>
    /// <param name="features"><c>[2·radius + 1, 2·radius + 1, D]</c>, written; beyond the border the border's are repeated.</param>
    public void Copy(int cell, Span<float> features)
    {
        int depth = grid.Dimension;
        for (int i = 0; i < _side * _side; i++)
        {
            int y = Math.Clamp((cell / grid.Width) + (i / _side) - radius, 0, grid.Height - 1);
            int x = Math.Clamp((cell % grid.Width) + (i % _side) - radius, 0, grid.Width - 1);
            _reader.Cells.AsSpan(((y * grid.Width) + x) * depth, depth).CopyTo(features[(i * depth)..]);
        }
    }
}
