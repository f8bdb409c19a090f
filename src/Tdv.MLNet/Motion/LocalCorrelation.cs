using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Cosines of each cell of one frame with the cells around the same place in another: only those in a window, in time
/// and memory that grow with the window and not with the frame.
/// </summary>
internal static class LocalCorrelation
{
    /// <summary>Cells of the first frame at once: each number loaded serves several products.</summary>
    private const int CellsAtOnce = 4;

    /// <summary>Correlates one row of cells.</summary>
    /// <param name="grid">The frame whose cells are looked at.</param>
    /// <param name="row">Its row.</param>
    /// <param name="other">The frame in which they are sought; of the same size.</param>
    /// <param name="window">Where.</param>
    /// <param name="cosines">
    /// <c>[columns, window.Rows, window.Columns]</c>, written: cosines, and negative infinity outside the other frame.
    /// </param>
    public static void Row(FeatureGrid grid, int row, FeatureGrid other, CorrelationWindow window, Span<float> cosines)
    {
        cosines[..(grid.Columns * window.Count)].Fill(float.NegativeInfinity);
        int first = Math.Max(0, row - window.Up);
        int last = Math.Min(grid.Rows - 1, row + window.Down);
        for (int otherRow = first; otherRow <= last; otherRow++)
        {
            int line = (otherRow - row + window.Up) * window.Columns;
            for (int column = 0; column < grid.Columns; column += CellsAtOnce)
            {
                int count = Math.Min(CellsAtOnce, grid.Columns - column);
                Band(grid, (row * grid.Columns) + column, count, other, otherRow, column, window, line, cosines);
            }
        }
    }

    /// <summary>Cosines of one vector with the cells in a window around a place; negative infinity outside the frame.</summary>
    /// <param name="unit">Of length 1, <c>[depth]</c>.</param>
    /// <param name="row">The window's middle; may lie outside the frame.</param>
    /// <param name="column">As <paramref name="row"/>.</param>
    /// <param name="cosines"><c>[window.Rows, window.Columns]</c>, written.</param>
    public static void Point(
        ReadOnlySpan<float> unit,
        int row,
        int column,
        FeatureGrid other,
        CorrelationWindow window,
        Span<float> cosines
    )
    {
        for (int i = 0; i < window.Count; i++)
        {
            var (y, x) = (row - window.Up + (i / window.Columns), column - window.Left + (i % window.Columns));
            bool inside = y >= 0 && y < other.Rows && x >= 0 && x < other.Columns;
            cosines[i] = inside ? TensorPrimitives.Dot(unit, other[(y * other.Columns) + x]) : float.NegativeInfinity;
        }
    }

    /// <summary>Neighboring cells of one row against those columns of one row of the other frame that any of their windows holds.</summary>
    private static void Band(
        FeatureGrid grid,
        int cell,
        int count,
        FeatureGrid other,
        int otherRow,
        int column,
        CorrelationWindow window,
        int line,
        Span<float> cosines
    )
    {
        int width = FeatureGrid.LinePadding;
        int first = Math.Max(0, column - window.Left);
        int last = Math.Min(other.Columns - 1, column + count - 1 + window.Right);
        Span<float> block = stackalloc float[CellsAtOnce * FeatureGrid.LinePadding];
        for (int at = first; at <= last; at += width)
        {
            if (WideLanes.IsSupported)
            {
                Block<WideLanes>(grid, cell, count, other, otherRow, at, block);
            }
            else
            {
                Block<Lanes>(grid, cell, count, other, otherRow, at, block);
            }

            for (int i = 0; i < count; i++)
            {
                // Where the block's first column lies in this cell's window; some of the block may lie outside.
                int place = at - (column + i) + window.Left;
                int skipped = Math.Max(0, -place);
                int end = Math.Min(width, Math.Min(window.Columns - place, other.Columns - at));
                if (end > skipped)
                {
                    block[((i * width) + skipped)..((i * width) + end)]
                        .CopyTo(cosines[(((column + i) * window.Count) + line + place + skipped)..]);
                }
            }
        }
    }

    /// <summary>
    /// Products of four neighboring cells with as many columns of the other frame as two vectors hold: each number loaded
    /// serves several of them, and no vector's parts are ever added up.
    /// </summary>
    private static void Block<TLanes>(
        FeatureGrid grid,
        int cell,
        int count,
        FeatureGrid other,
        int otherRow,
        int at,
        Span<float> products
    )
        where TLanes : struct, ILanes<TLanes>
    {
        var a = grid[cell];
        var b = grid[cell + Math.Min(1, count - 1)];
        var c = grid[cell + Math.Min(2, count - 1)];
        var d = grid[cell + Math.Min(3, count - 1)];
        ref readonly float line = ref MemoryMarshal.GetReference(other.Line(otherRow));
        TLanes a0 = default,
            a1 = default,
            b0 = default,
            b1 = default,
            c0 = default,
            c1 = default,
            d0 = default,
            d1 = default;
        for (int i = 0; i < a.Length; i++)
        {
            nuint from = (nuint)((i * other.Stride) + at);
            var x = TLanes.Load(in line, from);
            var y = TLanes.Load(in line, from + (nuint)TLanes.Count);
            var (p, q) = (TLanes.All(a[i]), TLanes.All(b[i]));
            a0 = a0.AddProduct(p, x);
            a1 = a1.AddProduct(p, y);
            b0 = b0.AddProduct(q, x);
            b1 = b1.AddProduct(q, y);
            (p, q) = (TLanes.All(c[i]), TLanes.All(d[i]));
            c0 = c0.AddProduct(p, x);
            c1 = c1.AddProduct(p, y);
            d0 = d0.AddProduct(q, x);
            d1 = d1.AddProduct(q, y);
        }

        ref float target = ref MemoryMarshal.GetReference(products);
        a0.Store(ref target, 0);
        a1.Store(ref target, (nuint)TLanes.Count);
        b0.Store(ref target, (nuint)(2 * TLanes.Count));
        b1.Store(ref target, (nuint)(3 * TLanes.Count));
        c0.Store(ref target, (nuint)(4 * TLanes.Count));
        c1.Store(ref target, (nuint)(5 * TLanes.Count));
        d0.Store(ref target, (nuint)(6 * TLanes.Count));
        d1.Store(ref target, (nuint)(7 * TLanes.Count));
    }
}
