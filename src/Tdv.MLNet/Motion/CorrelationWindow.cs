namespace Tdv.MLNet.Motion;

/// <summary>Where cells are sought, relative to a cell: so many rows and columns before and after it, itself included.</summary>
internal readonly record struct CorrelationWindow(int Up, int Down, int Left, int Right)
{
    /// <summary>A square of <paramref name="radius"/> cells to each side.</summary>
    public static CorrelationWindow Square(int radius) => new(radius, radius, radius, radius);

    public int Rows => Up + 1 + Down;

    public int Columns => Left + 1 + Right;

    public int Count => Rows * Columns;

    /// <summary>The cosine at a place of the window; outside, minus infinity.</summary>
    /// <param name="cosines">Of the window's cells, row by row.</param>
    /// <param name="row">Counted from the window's first.</param>
    /// <param name="column">Likewise.</param>
    public float At(ReadOnlySpan<float> cosines, int row, int column) =>
        row >= 0 && row < Rows && column >= 0 && column < Columns
            ? cosines[(row * Columns) + column]
            : float.NegativeInfinity;
}
