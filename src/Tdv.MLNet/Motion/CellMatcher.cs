using System.Collections.Concurrent;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Finds for each cell of a frame the place in another frame where the features are most alike: the best whole cell, and
/// around it the mean of the places, weighed by a softmax of their cosines (soft-argmax).
/// </summary>
/// <param name="window">Where cells are sought.</param>
/// <param name="settings">How.</param>
internal sealed class CellMatcher(CorrelationWindow window, MatchSettings settings)
{
    /// <summary>Cosines of what is the same differ by rounding: less than this, and no motion follows from it.</summary>
    private const float Rounding = 1e-5f;

    private readonly CorrelationWindow _around = settings.AlongRow
        ? new(0, 0, settings.Neighborhood, settings.Neighborhood)
        : CorrelationWindow.Square(settings.Neighborhood);
    private readonly float[] _penalties = Penalties(window, settings.DistancePenalty);

    public CellMatcher Backward => new(new(window.Down, window.Up, window.Right, window.Left), settings);

    /// <param name="from">The frame whose cells are sought.</param>
    /// <param name="to">The frame in which they are sought.</param>
    /// <param name="moves">Cells down and to the right, by cell; written.</param>
    public void Match(FeatureGrid from, FeatureGrid to, (float Y, float X)[] moves)
    {
        // In bands: aggregation uses the rows above and below, which a thread computes once for its band.
        int band = (from.Rows + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
        Parallel.ForEach(
            Partitioner.Create(0, from.Rows, band),
            rows =>
            {
                var cosines = new AggregatedCosines(from, to, window, settings.Aggregation);
                var itself = new AggregatedCosines(from, from, _around, settings.Aggregation);
                for (int row = rows.Item1; row < rows.Item2; row++)
                {
                    cosines.Read(row);
                    itself.Read(row);
                    for (int column = 0; column < from.Columns; column++)
                    {
                        moves[(row * from.Columns) + column] = Place(cosines.Of(row, column), itself.Of(row, column));
                    }
                }
            }
        );
    }

    private static float[] Penalties(CorrelationWindow window, float penalty) =>
        [
            .. Enumerable
                .Range(0, window.Count)
                .Select(i => ((i / window.Columns) - window.Up, (i % window.Columns) - window.Left))
                .Select(((int Y, int X) move) => penalty * ((move.Y * move.Y) + (move.X * move.X))),
        ];

    private (float Y, float X) Place(ReadOnlySpan<float> cosines, ReadOnlySpan<float> itself)
    {
        var (row, column) = Math.DivRem(Best(cosines), window.Columns);
        var (y, x) = Between(cosines, row, column, itself);
        return (row - window.Up + y, column - window.Left + x);
    }

    /// <summary>The most alike; where all places are alike, nothing has moved.</summary>
    private int Best(ReadOnlySpan<float> cosines)
    {
        int stay = (window.Up * window.Columns) + window.Left;
        int best = stay;
        float most = cosines[stay] + Rounding;
        for (int i = 0; i < cosines.Length; i++)
        {
            float score = cosines[i] - _penalties[i];
            if (score > most)
            {
                (best, most) = (i, score);
            }
        }

        return best;
    }

    /// <summary>
    /// How far from the best cell the best place is. What the same sum misses the cell by in its own frame, where its place is
    /// known, it misses it by in the other, too. Pairs of opposite places alone count: at a border, one side would pull.
    /// </summary>
    private (float Y, float X) Between(ReadOnlySpan<float> cosines, int row, int column, ReadOnlySpan<float> itself)
    {
        var found = default(PlaceSum);
        var own = default(PlaceSum);
        float best = cosines[(row * window.Columns) + column];
        float same = itself[itself.Length / 2];
        for (int y = -_around.Up; y <= _around.Down; y++)
        {
            for (int x = -_around.Left; x <= _around.Right; x++)
            {
                float there = window.At(cosines, row + y, column + x);
                float here = _around.At(itself, _around.Up + y, _around.Left + x);
                bool paired =
                    float.IsFinite(there + window.At(cosines, row - y, column - x))
                    && float.IsFinite(here + _around.At(itself, _around.Up - y, _around.Left - x));
                if (paired)
                {
                    found.Add(y, x, Weight(there - best));
                    own.Add(y, x, Weight(here - same));
                }
            }
        }

        return (Above(found.Y - own.Y), Above(found.X - own.X));

        // What is more alike than the best has lost by its distance only: it counts as much.
        double Weight(float less) => Math.Exp(Math.Min(0, less) / (double)settings.Temperature);

        static float Above(double move) => Math.Abs(move) < Rounding ? 0 : (float)move;
    }
}
