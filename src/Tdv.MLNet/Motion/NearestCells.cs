using System.Numerics;

namespace Tdv.MLNet.Motion;

/// <summary>The cells most similar to each cell of a row, among those seen so far; of equal ones the first.</summary>
internal sealed class NearestCells(int columns, int count, CorrelationWindow window)
{
    private readonly float[] _cosines = new float[columns * window.Count];
    private readonly float[] _best = new float[columns * count];
    private readonly (int Frame, int Cell)[] _places = new (int, int)[columns * count];

    /// <summary>By column: cosines from large to small, negative infinity where there are fewer.</summary>
    public ReadOnlySpan<float> Cosines(int column) => _best.AsSpan(column * count, count);

    /// <summary>Where they are, by frame and cell.</summary>
    public ReadOnlySpan<(int Frame, int Cell)> Places(int column) => _places.AsSpan(column * count, count);

    public void Clear() => Array.Fill(_best, float.NegativeInfinity);

    /// <summary>Looks a frame up.</summary>
    /// <param name="grid">The frame whose cells are looked at.</param>
    /// <param name="row">Its row.</param>
    /// <param name="other">The frame that is looked up.</param>
    /// <param name="frame">Its number.</param>
    public void Add(FeatureGrid grid, int row, CarriedFrame other, int frame)
    {
        LocalCorrelation.Row(grid, row, other.Grid, window, _cosines);
        var least = _best.AsSpan(count - 1);
        for (int column = 0; column < columns; column++)
        {
            var cosines = _cosines.AsSpan(column * window.Count, window.Count);
            int i = 0;
            for (; i + Vector<float>.Count <= cosines.Length; i += Vector<float>.Count)
            {
                // Hardly ever true once a frame has been seen.
                if (Vector.GreaterThanAny(new Vector<float>(cosines[i..]), new(least[column * count])))
                {
                    Insert(cosines, i, i + Vector<float>.Count, row, column, other, frame);
                }
            }

            Insert(cosines, i, cosines.Length, row, column, other, frame);
        }
    }

    private void Insert(
        ReadOnlySpan<float> cosines,
        int from,
        int to,
        int row,
        int column,
        CarriedFrame other,
        int frame
    )
    {
        var best = _best.AsSpan(column * count, count);
        var places = _places.AsSpan(column * count, count);
        for (int i = from; i < to; i++)
        {
            if (!(cosines[i] > best[^1]))
            {
                continue;
            }

            int otherRow = row - window.Up + (i / window.Columns);
            int cell = (otherRow * columns) + column - window.Left + (i % window.Columns);
            if (!other.IsKnown[cell])
            {
                continue;
            }

            int at = count - 1;
            for (; at > 0 && cosines[i] > best[at - 1]; at--)
            {
                best[at] = best[at - 1];
                places[at] = places[at - 1];
            }

            best[at] = cosines[i];
            places[at] = (frame, cell);
        }
    }
}
