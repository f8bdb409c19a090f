namespace Tdv.MLNet.Motion;

/// <summary>
/// Finds for each cell of a frame the place in another frame where the features are most alike: the best whole cell, and
/// around it the mean of the places, weighed by a softmax of their cosines (soft-argmax).
/// </summary>
internal sealed class CellMatcher(CorrelationWindow window, int neighborhood, float temperature)
{
    public CellMatcher Backward =>
        new(new(window.Down, window.Up, window.Right, window.Left), neighborhood, temperature);

    /// <param name="from">The frame whose cells are sought.</param>
    /// <param name="to">The frame in which they are sought.</param>
    /// <param name="moves">Cells down and to the right, by cell; written.</param>
    public void Match(FeatureGrid from, FeatureGrid to, (float Y, float X)[] moves) =>
        Parallel.For(
            0,
            from.Rows,
            () => new float[from.Columns * window.Count],
            (row, _, cosines) =>
            {
                LocalCorrelation.Row(from, row, to, window, cosines);
                for (int column = 0; column < from.Columns; column++)
                {
                    var own = cosines.AsSpan(column * window.Count, window.Count);
                    moves[(row * from.Columns) + column] = Best(own);
                }

                return cosines;
            },
            _ => { }
        );

    private (float Y, float X) Best(ReadOnlySpan<float> cosines)
    {
        // Where all places are alike, nothing has moved.
        int best = (window.Up * window.Columns) + window.Left;
        for (int i = 0; i < cosines.Length; i++)
        {
            best = cosines[i] > cosines[best] ? i : best;
        }

        var (row, column) = Math.DivRem(best, window.Columns);
        double sum = 0;
        double down = 0;
        double right = 0;
        for (int y = Math.Max(0, row - neighborhood); y <= Math.Min(window.Rows - 1, row + neighborhood); y++)
        {
            int last = Math.Min(window.Columns - 1, column + neighborhood);
            for (int x = Math.Max(0, column - neighborhood); x <= last; x++)
            {
                // Outside the frame this is exp(−∞).
                double weight = Math.Exp((cosines[(y * window.Columns) + x] - cosines[best]) / (double)temperature);
                sum += weight;
                down += weight * y;
                right += weight * x;
            }
        }

        return ((float)((down / sum) - window.Up), (float)((right / sum) - window.Left));
    }
}
