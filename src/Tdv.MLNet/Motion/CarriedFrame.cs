namespace Tdv.MLNet.Motion;

/// <summary>A frame that is looked up: its features, and what classes its cells have. Memory is kept from frame to frame.</summary>
internal sealed class CarriedFrame(int rows, int columns, int depth, int classes)
{
    public FeatureGrid Grid { get; } = new(rows, columns, depth);

    /// <summary><c>[cells, classes]</c>: the share of each class in each cell. They add up to 1, or are 0 where nothing is known.</summary>
    public float[] Shares { get; } = new float[rows * columns * classes];

    /// <summary>By cell: whether it has a class.</summary>
    public bool[] IsKnown { get; } = new bool[rows * columns];

    public Span<float> SharesOf(int cell) => Shares.AsSpan(cell * classes, classes);

    /// <summary>Takes a mask, each cell the class of the pixel at its middle.</summary>
    /// <param name="keys"><c>[height, width]</c>; 0 is no class.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    public void Take(ReadOnlySpan<uint> keys, int height, int width)
    {
        Array.Clear(Shares);
        for (int cell = 0; cell < IsKnown.Length; cell++)
        {
            var (row, column) = Math.DivRem(cell, columns);
            uint key = keys[(Middle(row, rows, height) * width) + Middle(column, columns, width)];
            IsKnown[cell] = key != 0;
            if (key != 0)
            {
                SharesOf(cell)[(int)key - 1] = 1;
            }
        }
    }

    /// <summary>The index, among so many that cover the same length, at the middle of one.</summary>
    public static int Middle(int index, int count, int others) => (int)(((2L * index) + 1) * others / (2L * count));
}
