namespace Tdv.MLNet.Imaging;

/// <summary>A picture stretched over the grid.</summary>
internal sealed class PictureStretch(int height, int width, int gridHeight, int gridWidth)
{
    public StretchedAxis Y { get; } = new(height, gridHeight);

    public StretchedAxis X { get; } = new(width, gridWidth);

    public bool Fits(int pictureHeight, int pictureWidth) => pictureHeight == Y.Pixels && pictureWidth == X.Pixels;

    /// <summary>The features at a pixel: those of the four cells around it, interpolated bilinearly.</summary>
    /// <param name="cells">[gridHeight × gridWidth, D].</param>
    /// <param name="pixel">y × width + x.</param>
    /// <param name="features">[D], written.</param>
    public void Interpolate(ReadOnlySpan<float> cells, int pixel, Span<float> features)
    {
        var (y, x) = Math.DivRem(pixel, X.Pixels);
        var d = features.Length;
        var top = Y.Lower[y] * gridWidth;
        var bottom = Y.Upper[y] * gridWidth;
        var a = cells.Slice((top + X.Lower[x]) * d, d);
        var b = cells.Slice((top + X.Upper[x]) * d, d);
        var c = cells.Slice((bottom + X.Lower[x]) * d, d);
        var e = cells.Slice((bottom + X.Upper[x]) * d, d);
        var fy = Y.Fraction[y];
        var fx = X.Fraction[x];
        for (var i = 0; i < features.Length; i++)
        {
            var upper = a[i] + fx * (b[i] - a[i]);
            var lower = c[i] + fx * (e[i] - c[i]);
            features[i] = upper + fy * (lower - upper);
        }
    }
}
