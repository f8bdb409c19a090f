using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Makes scores follow the picture's edges: the fast guided filter (He, Sun and Tang, "Guided Image Filtering", 2013; He
/// and Sun, "Fast Guided Filter", 2015) with the picture's colors as guide. In every window a class's score is fitted by
/// a linear function of color; the functions of the windows around a point are averaged. The fits are made on the lattice
/// of the scores; only their coefficients are stretched over the picture. The cost does not depend on the window's size.
/// </summary>
internal sealed class EdgeFilter
{
    /// <summary>Blue, green, red.</summary>
    public const int Colors = 3;

    /// <summary>Coefficients of a class: those of the colors, and what is added.</summary>
    public const int PlanesPerClass = Colors + 1;

    /// <summary>Color differences whose square is below this, of 1, are texture rather than edges.</summary>
    private const float Epsilon = 1e-3f;

    /// <summary>The colors of each entry of a covariance, which is symmetric.</summary>
    private static readonly (int First, int Second)[] Pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

    private readonly BoxMean _box;
    private readonly ScorePlanes _guide;
    private readonly ScorePlanes _means;
    private readonly ScorePlanes _inverse;
    private readonly ScorePlanes _unfiltered;

    /// <param name="radius">A window reaches so many lattice points to each side.</param>
    public EdgeFilter(int classes, int height, int width, int radius)
    {
        _box = new BoxMean(height, width, radius);
        _guide = new ScorePlanes(Colors, height, width);
        _means = new ScorePlanes(Colors, height, width);
        _inverse = new ScorePlanes(Pairs.Length, height, width);
        _unfiltered = new ScorePlanes(classes, height, width);
        Coefficients = new ScorePlanes(classes * PlanesPerClass, height, width);
    }

    /// <summary>[classes × (blue, green, red, 1), height, width]: the result.</summary>
    public ScorePlanes Coefficients { get; }

    /// <param name="scores">[classes, height, width].</param>
    /// <param name="picture">The colors of the picture's pixels, 0 to 1.</param>
    public void Fit(ScorePlanes scores, ScorePlanes picture)
    {
        Parallel.For(0, Colors, color => Shrink(picture, color));
        Parallel.For(0, Colors, color => _box.Apply(_guide[color], _means[color]));
        Parallel.For(0, Pairs.Length, Covariance);
        Invert();
        Parallel.For(0, scores.Count, c => FitClass(scores, c));
    }

    /// <summary>The mean color of the pixels that belong to a lattice point.</summary>
    private void Shrink(ScorePlanes picture, int color)
    {
        for (var y = 0; y < _guide.Height; y++)
        {
            var (top, bottom) = StretchedAxis.PixelsOf(y, _guide.Height, picture.Height);
            var row = _guide.Row(color, y);
            row.Clear();
            for (var line = top; line < bottom; line++)
            {
                var pixels = picture.Row(color, line);
                for (var x = 0; x < row.Length; x++)
                {
                    var (left, right) = StretchedAxis.PixelsOf(x, row.Length, pixels.Length);
                    for (var i = left; i < right; i++)
                    {
                        row[x] += pixels[i] / ((right - left) * (bottom - top));
                    }
                }
            }
        }
    }

    private void Covariance(int pair)
    {
        var (i, j) = Pairs[pair];
        var target = _inverse[pair];
        _box.ApplyProduct(_guide[i], _guide[j], target);
        var a = _means[i];
        var b = _means[j];
        for (var cell = 0; cell < target.Length; cell++)
        {
            target[cell] += (i == j ? Epsilon : 0) - a[cell] * b[cell];
        }
    }

    /// <summary>Inverts the symmetric 3 × 3 matrices.</summary>
    private void Invert()
    {
        for (var cell = 0; cell < _inverse.Cells; cell++)
        {
            var (bb, bg, br) = (_inverse[0][cell], _inverse[1][cell], _inverse[2][cell]);
            var (gg, gr, rr) = (_inverse[3][cell], _inverse[4][cell], _inverse[5][cell]);
            var (c0, c1, c2) = (gg * rr - gr * gr, br * gr - bg * rr, bg * gr - br * gg);
            var scale = 1 / (bb * c0 + bg * c1 + br * c2);
            _inverse[0][cell] = scale * c0;
            _inverse[1][cell] = scale * c1;
            _inverse[2][cell] = scale * c2;
            _inverse[3][cell] = scale * (bb * rr - br * br);
            _inverse[4][cell] = scale * (br * bg - bb * gr);
            _inverse[5][cell] = scale * (bb * gg - bg * bg);
        }
    }

    private void FitClass(ScorePlanes scores, int c)
    {
        var score = scores[c];
        var plane = c * PlanesPerClass;
        var b = Coefficients[plane];
        var g = Coefficients[plane + 1];
        var r = Coefficients[plane + 2];
        var rest = Coefficients[plane + Colors];
        _box.Apply(score, rest);
        _box.ApplyProduct(_guide[0], score, b);
        _box.ApplyProduct(_guide[1], score, g);
        _box.ApplyProduct(_guide[2], score, r);
        var mb = _means[0];
        var mg = _means[1];
        var mr = _means[2];
        var i0 = _inverse[0];
        var i1 = _inverse[1];
        var i2 = _inverse[2];
        var i3 = _inverse[3];
        var i4 = _inverse[4];
        var i5 = _inverse[5];
        for (var cell = 0; cell < score.Length; cell++)
        {
            var vb = b[cell] - mb[cell] * rest[cell];
            var vg = g[cell] - mg[cell] * rest[cell];
            var vr = r[cell] - mr[cell] * rest[cell];
            b[cell] = i0[cell] * vb + i1[cell] * vg + i2[cell] * vr;
            g[cell] = i1[cell] * vb + i3[cell] * vg + i4[cell] * vr;
            r[cell] = i2[cell] * vb + i4[cell] * vg + i5[cell] * vr;
            rest[cell] -= b[cell] * mb[cell] + g[cell] * mg[cell] + r[cell] * mr[cell];
        }

        var unfiltered = _unfiltered[c];
        for (var p = plane; p < plane + PlanesPerClass; p++)
        {
            Coefficients[p].CopyTo(unfiltered);
            _box.Apply(unfiltered, Coefficients[p]);
        }
    }
}
