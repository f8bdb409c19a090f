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
    private const int OthersAtOnce = 2;

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
        int first = Math.Max(0, column - window.Left);
        int last = Math.Min(other.Columns - 1, column + count - 1 + window.Right);
        Span<float> block = stackalloc float[CellsAtOnce * OthersAtOnce];
        int at = first;
        for (; count == CellsAtOnce && at + OthersAtOnce <= last + 1; at += OthersAtOnce)
        {
            Block(grid, cell, other, (otherRow * other.Columns) + at, block);
            for (int i = 0; i < block.Length; i++)
            {
                Put(i / OthersAtOnce, at + (i % OthersAtOnce), block[i], cosines);
            }
        }

        for (; at <= last; at++)
        {
            for (int i = 0; i < count; i++)
            {
                Put(i, at, TensorPrimitives.Dot(grid[cell + i], other[(otherRow * other.Columns) + at]), cosines);
            }
        }

        void Put(int i, int otherColumn, float cosine, Span<float> result)
        {
            int place = otherColumn - (column + i) + window.Left;
            if (place >= 0 && place < window.Columns)
            {
                result[((column + i) * window.Count) + line + place] = cosine;
            }
        }
    }

    /// <summary>Products of four neighboring cells with two of the other frame.</summary>
    private static void Block(FeatureGrid grid, int cell, FeatureGrid other, int otherCell, Span<float> products)
    {
        int depth = grid.Depth;
        var u = Vectors(other[otherCell]);
        var v = Vectors(other[otherCell + 1])[..u.Length];
        var a = Vectors(grid[cell])[..u.Length];
        var b = Vectors(grid[cell + 1])[..u.Length];
        var c = Vectors(grid[cell + 2])[..u.Length];
        var d = Vectors(grid[cell + 3])[..u.Length];
        Vector<float> au = default,
            av = default,
            bu = default,
            bv = default,
            cu = default,
            cv = default,
            du = default,
            dv = default;
        for (int i = 0; i < u.Length; i++)
        {
            var (x, y) = (u[i], v[i]);
            au = MultiplyAdd(a[i], x, au);
            av = MultiplyAdd(a[i], y, av);
            bu = MultiplyAdd(b[i], x, bu);
            bv = MultiplyAdd(b[i], y, bv);
            cu = MultiplyAdd(c[i], x, cu);
            cv = MultiplyAdd(c[i], y, cv);
            du = MultiplyAdd(d[i], x, du);
            dv = MultiplyAdd(d[i], y, dv);
        }

        (products[0], products[1], products[2], products[3]) = (
            Vector.Sum(au),
            Vector.Sum(av),
            Vector.Sum(bu),
            Vector.Sum(bv)
        );
        (products[4], products[5], products[6], products[7]) = (
            Vector.Sum(cu),
            Vector.Sum(cv),
            Vector.Sum(du),
            Vector.Sum(dv)
        );
        int rest = u.Length * Vector<float>.Count;
        if (rest == depth)
        {
            return;
        }

        for (int i = 0; i < products.Length; i++)
        {
            products[i] += TensorPrimitives.Dot(
                grid[cell + (i / OthersAtOnce)][rest..],
                other[otherCell + (i % OthersAtOnce)][rest..]
            );
        }
    }

    /// <summary>a·b + c, in one instruction where the processor has it: half the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) =>
        Fma.IsSupported && Vector<float>.Count == Vector256<float>.Count
            ? Fma.MultiplyAdd(a.AsVector256(), b.AsVector256(), c.AsVector256()).AsVector()
            : (a * b) + c;

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) =>
        MemoryMarshal.Cast<float, Vector<float>>(values);
}
