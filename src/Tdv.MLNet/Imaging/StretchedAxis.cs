namespace Tdv.MLNet.Imaging;

/// <summary>
/// One axis of a picture stretched over one axis of the grid, for bilinear interpolation: pixel and cell edges meet
/// (align_corners=false), and beyond the centers of the outer cells their values go on.
/// </summary>
internal sealed class StretchedAxis
{
    public StretchedAxis(int pixels, int cells)
    {
        Pixels = pixels;
        Lower = new int[pixels];
        Upper = new int[pixels];
        Fraction = new float[pixels];
        for (var i = 0; i < pixels; i++)
        {
            var position = Math.Clamp((i + 0.5) * cells / pixels - 0.5, 0, cells - 1);
            Lower[i] = (int)position;
            Upper[i] = Math.Min(Lower[i] + 1, cells - 1);
            Fraction[i] = (float)(position - Lower[i]);
        }
    }

    /// <summary>The pixels that belong to a cell, one of them at least; those at a border to the cell before it.</summary>
    public static (int Begin, int End) PixelsOf(int cell, int cells, int pixels)
    {
        int begin = (int)((long)cell * pixels / cells);
        return (begin, Math.Max(begin + 1, (int)((cell + 1L) * pixels / cells)));
    }

    public int Pixels { get; }

    /// <summary>By pixel: the cell before.</summary>
    public int[] Lower { get; }

    /// <summary>By pixel: the cell behind.</summary>
    public int[] Upper { get; }

    /// <summary>By pixel: the weight of <see cref="Upper"/>.</summary>
    public float[] Fraction { get; }

    /// <summary>Stretches one row of cells.</summary>
    /// <param name="cells">[cells].</param>
    /// <param name="pixels">[pixels], written.</param>
    public void Apply(ReadOnlySpan<float> cells, Span<float> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var lower = cells[Lower[i]];
            pixels[i] = lower + Fraction[i] * (cells[Upper[i]] - lower);
        }
    }
}
