namespace Tdv.MLNet.Motion;

/// <summary>The forward-backward check, left-right check in stereo: what is hidden in the other frame is not found back.</summary>
internal static class WayBack
{
    /// <param name="there">Cells down and to the right, by cell.</param>
    /// <param name="back">The same from the other frame.</param>
    /// <param name="rows">Of the grid.</param>
    /// <param name="columns">Of the grid.</param>
    /// <param name="tolerance">Cells.</param>
    /// <param name="found">By cell: whether the way back ends where it began; written.</param>
    public static void Check(
        (float Y, float X)[] there,
        (float Y, float X)[] back,
        int rows,
        int columns,
        float tolerance,
        bool[] found
    )
    {
        for (int cell = 0; cell < there.Length; cell++)
        {
            var (row, column) = Math.DivRem(cell, columns);
            int y = Math.Clamp((int)MathF.Round(row + there[cell].Y), 0, rows - 1);
            int x = Math.Clamp((int)MathF.Round(column + there[cell].X), 0, columns - 1);
            var other = back[(y * columns) + x];
            var (dy, dx) = (there[cell].Y + other.Y, there[cell].X + other.X);
            found[cell] = (dy * dy) + (dx * dx) <= tolerance * tolerance;
        }
    }
}
