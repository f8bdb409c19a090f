using System.Numerics.Tensors;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Cosines of the cells of one frame with those in a window around the same places in another, each the mean over a square of
/// cells that move alike: what a single cell does not tell, its neighbors do (box aggregation, Scharstein and Szeliski
/// 2002). Asked for row after row; the last rows' cosines are kept. For one thread.
/// </summary>
/// <param name="from">The frame whose cells are sought.</param>
/// <param name="to">The frame in which they are sought.</param>
/// <param name="window">Where.</param>
/// <param name="radius">Of the square; 0: cosines as they are.</param>
internal sealed class AggregatedCosines(FeatureGrid from, FeatureGrid to, CorrelationWindow window, int radius)
{
    private readonly float[][] _rows =
    [
        .. Enumerable
            .Range(0, Math.Min((2 * radius) + 1, from.Rows))
            .Select(_ => new float[from.Columns * window.Count]),
    ];
    private readonly float[] _means = new float[window.Count];
    private int _next = -1;

    /// <summary>Moves on to a row.</summary>
    public void Read(int row)
    {
        int last = Math.Min(from.Rows - 1, row + radius);
        for (int at = Math.Max(_next, Math.Max(0, row - radius)); at <= last; at++)
        {
            LocalCorrelation.Row(from, at, to, window, Kept(at));
            _next = at + 1;
        }
    }

    /// <summary>Of one cell of the row, <c>[window.Rows, window.Columns]</c>; negative infinity outside the other frame.</summary>
    /// <remarks>Valid until the next call.</remarks>
    public ReadOnlySpan<float> Of(int row, int column)
    {
        if (radius == 0)
        {
            return Cell(row, column);
        }

        _means.AsSpan().Clear();
        var (top, bottom) = Square(row, from.Rows);
        var (left, right) = Square(column, from.Columns);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                AddFinite(Cell(y, x));
            }
        }

        for (int i = 0; i < _means.Length; i++)
        {
            var (down, across) = ((i / window.Columns) - window.Up, (i % window.Columns) - window.Left);
            int cells = Inside(row, from.Rows, down) * Inside(column, from.Columns, across);
            bool inside =
                row + down >= 0 && row + down < from.Rows && column + across >= 0 && column + across < from.Columns;
            _means[i] = inside ? _means[i] / cells : float.NegativeInfinity;
        }

        return _means;
    }

    private float[] Kept(int row) => _rows[row % _rows.Length];

    private ReadOnlySpan<float> Cell(int row, int column) => Kept(row).AsSpan(column * window.Count, window.Count);

    private void AddFinite(ReadOnlySpan<float> cosines)
    {
        for (int i = 0; i < cosines.Length; i++)
        {
            _means[i] += cosines[i] == float.NegativeInfinity ? 0 : cosines[i];
        }
    }

    private (int First, int Last) Square(int at, int length) =>
        (Math.Max(0, at - radius), Math.Min(length - 1, at + radius));

    /// <summary>How many of a square's rows or columns are still inside after they have moved.</summary>
    private int Inside(int at, int length, int move)
    {
        var (first, last) = Square(at, length);
        return Math.Min(last, length - 1 - move) - Math.Max(first, -move) + 1;
    }
}
