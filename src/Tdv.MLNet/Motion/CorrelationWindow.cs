namespace Tdv.MLNet.Motion;

/// <summary>Where cells are sought, relative to a cell: so many rows and columns before and after it, itself included.</summary>
internal readonly record struct CorrelationWindow(int Up, int Down, int Left, int Right)
{
    /// <summary>A square of <paramref name="radius"/> cells to each side.</summary>
    public static CorrelationWindow Square(int radius) => new(radius, radius, radius, radius);

    public int Rows => Up + 1 + Down;

    public int Columns => Left + 1 + Right;

    public int Count => Rows * Columns;
}
