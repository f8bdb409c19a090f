namespace Tdv.MLNet.Motion;

/// <summary>Medians over squares of cells, for the two directions each.</summary>
internal static class MedianSmoothing
{
    /// <param name="moves">By cell.</param>
    /// <param name="rows">Of the grid.</param>
    /// <param name="columns">Of the grid.</param>
    /// <param name="counts">By cell: whether it counts; where none of a square does, all do.</param>
    /// <param name="radius">Cells to each side.</param>
    /// <param name="smooth">By cell, written.</param>
    public static void Run(
        (float Y, float X)[] moves,
        int rows,
        int columns,
        bool[] counts,
        int radius,
        (float Y, float X)[] smooth
    )
    {
        var y = new List<float>();
        var x = new List<float>();
        for (int cell = 0; cell < moves.Length; cell++)
        {
            var (row, column) = Math.DivRem(cell, columns);
            Collect(all: false);
            if (y.Count == 0)
            {
                Collect(all: true);
            }

            smooth[cell] = (Median(y), Median(x));

            void Collect(bool all)
            {
                y.Clear();
                x.Clear();
                for (int r = Math.Max(0, row - radius); r <= Math.Min(rows - 1, row + radius); r++)
                {
                    for (int c = Math.Max(0, column - radius); c <= Math.Min(columns - 1, column + radius); c++)
                    {
                        int other = (r * columns) + c;
                        if (all || counts[other])
                        {
                            y.Add(moves[other].Y);
                            x.Add(moves[other].X);
                        }
                    }
                }
            }
        }
    }

    private static float Median(List<float> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
