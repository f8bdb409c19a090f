using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
            Block(grid, cell, count, other, otherRow, at, block);
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
    private static void Block(
        FeatureGrid grid,
        int cell,
        int count,
        FeatureGrid other,
        int otherRow,
        int at,
        Span<float> products
    )
    {
        var a = grid[cell];
        var b = grid[cell + Math.Min(1, count - 1)];
        var c = grid[cell + Math.Min(2, count - 1)];
        var d = grid[cell + Math.Min(3, count - 1)];
        ref readonly float line = ref MemoryMarshal.GetReference(other.Line(otherRow));
        Vector<float> a0 = default,
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
            var x = Vector.LoadUnsafe(in line, from);
            var y = Vector.LoadUnsafe(in line, from + (nuint)Vector<float>.Count);
            var (p, q) = (new Vector<float>(a[i]), new Vector<float>(b[i]));
            a0 = MultiplyAdd(p, x, a0);
            a1 = MultiplyAdd(p, y, a1);
            b0 = MultiplyAdd(q, x, b0);
            b1 = MultiplyAdd(q, y, b1);
            (p, q) = (new Vector<float>(c[i]), new Vector<float>(d[i]));
            c0 = MultiplyAdd(p, x, c0);
            c1 = MultiplyAdd(p, y, c1);
            d0 = MultiplyAdd(q, x, d0);
            d1 = MultiplyAdd(q, y, d1);
        }

        var all = MemoryMarshal.Cast<float, Vector<float>>(products);
        (all[0], all[1], all[2], all[3]) = (a0, a1, b0, b1);
        (all[4], all[5], all[6], all[7]) = (c0, c1, d0, d1);
    }

    /// <summary>a·b + c, in one instruction where the processor has it: half the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) =>
        Fma.IsSupported && Vector<float>.Count == Vector256<float>.Count
            ? Fma.MultiplyAdd(a.AsVector256(), b.AsVector256(), c.AsVector256()).AsVector()
            : (a * b) + c;
}
