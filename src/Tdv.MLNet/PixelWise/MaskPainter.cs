namespace Tdv.MLNet.PixelWise;

/// <summary>Stretches evidence on the grid over the picture and takes the best class of each pixel.</summary>
internal static class MaskPainter
{
    /// <param name="evidence">[gridHeight × gridWidth, present classes].</param>
    /// <param name="stretch">How the picture lies on the grid.</param>
    /// <param name="classes">The classes of the evidence.</param>
    /// <param name="mask">[height × width], written: keys.</param>
    public static void Paint(float[] evidence, PictureStretch stretch, PresentClasses classes, uint[] mask) =>
        Parallel.For(
            0,
            stretch.Y.Pixels,
            () => new float[stretch.GridWidth * classes.Count],
            (y, _, line) =>
            {
                InterpolateRows(evidence, stretch, y, line);
                var width = stretch.X.Pixels;
                PaintRow(line, stretch.X, classes, mask.AsSpan(y * width, width));
                return line;
            },
            _ => { }
        );

    private static void InterpolateRows(float[] evidence, PictureStretch stretch, int y, float[] line)
    {
        var upper = evidence.AsSpan(stretch.Y.Lower[y] * line.Length, line.Length);
        var lower = evidence.AsSpan(stretch.Y.Upper[y] * line.Length, line.Length);
        var fraction = stretch.Y.Fraction[y];
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = upper[i] + fraction * (lower[i] - upper[i]);
        }
    }

    private static void PaintRow(float[] line, StretchedAxis axis, PresentClasses classes, Span<uint> mask)
    {
        var count = classes.Count;
        for (var x = 0; x < mask.Length; x++)
        {
            var left = line.AsSpan(axis.Lower[x] * count, count);
            var right = line.AsSpan(axis.Upper[x] * count, count);
            var fraction = axis.Fraction[x];
            var best = 0;
            var most = float.NegativeInfinity;
            for (var c = 0; c < count; c++)
            {
                var value = left[c] + fraction * (right[c] - left[c]);
                if (value > most)
                {
                    (best, most) = (c, value);
                }
            }

            mask[x] = classes.ToKey(best);
        }
    }
}
