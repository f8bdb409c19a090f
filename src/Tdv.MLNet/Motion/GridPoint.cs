namespace Tdv.MLNet.Motion;

/// <summary>A place on a feature grid, in cells; whole numbers are the cells' middles.</summary>
internal readonly record struct GridPoint(float Row, float Column)
{
    public static GridPoint operator +(GridPoint a, GridPoint b) => new(a.Row + b.Row, a.Column + b.Column);

    public static GridPoint operator -(GridPoint a, GridPoint b) => new(a.Row - b.Row, a.Column - b.Column);

    public float Length => MathF.Sqrt((Row * Row) + (Column * Column));
}
