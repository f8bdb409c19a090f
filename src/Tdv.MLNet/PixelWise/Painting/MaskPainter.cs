using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Stretches scores over the picture bilinearly and takes the best class of each pixel, bands of rows in parallel, a
/// vector of pixels at a time. With a guide, a class's score at a pixel is a linear function of its color, whose
/// coefficients are stretched. Nothing is allocated for a picture of the same size.
/// </summary>
internal sealed class MaskPainter
{
    private readonly PresentClasses _classes;
    private readonly PictureStretch _stretch;
    private readonly Band[] _bands;

    /// <param name="planesPerClass">1: a score; 4: the coefficients of blue, green, red, and 1.</param>
    public MaskPainter(PresentClasses classes, PictureStretch stretch, int planesPerClass)
    {
        _classes = classes;
        _stretch = stretch;
        var count = Math.Min(Environment.ProcessorCount, stretch.Y.Pixels);
        _bands = Enumerable
            .Range(0, count)
            .Select(_ => new Band(planesPerClass, planesPerClass * classes.Count, stretch.X.Pixels))
            .ToArray();
    }

    /// <param name="scores">[planes per class × classes, lattice height, lattice width], a class's planes side by side.</param>
    /// <param name="guide">The picture's colors, or null if there is one plane per class.</param>
    /// <param name="mask">[height × width], written: keys.</param>
    public void Paint(ScorePlanes scores, ScorePlanes? guide, uint[] mask) =>
        Parallel.For(
            0,
            _bands.Length,
            i =>
            {
                var height = _stretch.Y.Pixels;
                var band = _bands[i];
                band.Forget();
                for (var y = height * i / _bands.Length; y < height * (i + 1) / _bands.Length; y++)
                {
                    band.MoveTo(scores, _stretch, y);
                    band.Paint(guide, y, _classes, mask.AsSpan(y * _stretch.X.Pixels, _stretch.X.Pixels));
                }
            }
        );

    /// <summary>The work of one thread: two rows of the lattice, stretched to the picture's width.</summary>
    private sealed class Band(int planesPerClass, int planes, int width)
    {
        private readonly float[] _best = new float[width];
        private readonly float[] _value = new float[width];
        private readonly float[] _class = new float[width];
        private float[] _upper = new float[planes * width];
        private float[] _lower = new float[planes * width];
        private int _upperRow;
        private int _lowerRow;
        private float _fraction;

        public void Forget() => (_upperRow, _lowerRow) = (-1, -1);

        public void MoveTo(ScorePlanes scores, PictureStretch stretch, int y)
        {
            var (upper, lower) = (stretch.Y.Lower[y], stretch.Y.Upper[y]);
            if (upper == _lowerRow && upper != _upperRow)
            {
                (_upper, _lower) = (_lower, _upper);
                (_upperRow, _lowerRow) = (_lowerRow, _upperRow);
            }

            Stretch(scores, stretch.X, upper, ref _upperRow, _upper);
            Stretch(scores, stretch.X, lower, ref _lowerRow, _lower);
            _fraction = stretch.Y.Fraction[y];
        }

        public void Paint(ScorePlanes? guide, int y, PresentClasses classes, Span<uint> mask)
        {
            _best.AsSpan().Fill(float.NegativeInfinity);
            _class.AsSpan().Clear();
            for (var c = 0; c < classes.Count; c++)
            {
                Score(c * planesPerClass, guide, y);
                Compare(c);
            }

            for (var x = 0; x < mask.Length; x++)
            {
                mask[x] = classes.ToKey((int)_class[x]);
            }
        }

        private void Stretch(ScorePlanes scores, StretchedAxis axis, int row, ref int present, float[] target)
        {
            if (row == present)
            {
                return;
            }

            present = row;
            for (var plane = 0; plane < planes; plane++)
            {
                var source = scores.Row(plane, row);
                axis.Apply(source, target.AsSpan(plane * width, width));
            }
        }

        /// <summary>A class's scores of the row's pixels.</summary>
        private void Score(int plane, ScorePlanes? guide, int y)
        {
            var last = plane + planesPerClass - 1;
            TensorPrimitives.Lerp<float>(Row(_upper, last), Row(_lower, last), _fraction, _value);
            for (var p = plane; p < last; p++)
            {
                AddProduct(p, guide!.Row(p - plane, y));
            }
        }

        /// <summary>In one loop; <see cref="TensorPrimitives"/> would need two, and 1.2 times as long.</summary>
        private void AddProduct(int plane, Span<float> factor)
        {
            var upper = Row(_upper, plane);
            var lower = Row(_lower, plane);
            var u = Vectors(upper);
            var l = Vectors(lower);
            var f = Vectors(factor);
            var r = Vectors(_value);
            for (var i = 0; i < r.Length; i++)
            {
                r[i] += f[i] * (u[i] + _fraction * (l[i] - u[i]));
            }

            for (var x = r.Length * Vector<float>.Count; x < _value.Length; x++)
            {
                _value[x] += factor[x] * (upper[x] + _fraction * (lower[x] - upper[x]));
            }
        }

        private void Compare(int c)
        {
            var v = Vectors(_value);
            var b = Vectors(_best);
            var k = Vectors(_class);
            var index = new Vector<float>(c);
            for (var i = 0; i < v.Length; i++)
            {
                var better = Vector.GreaterThan(v[i], b[i]);
                b[i] = Vector.ConditionalSelect(better, v[i], b[i]);
                k[i] = Vector.ConditionalSelect(better, index, k[i]);
            }

            for (var x = v.Length * Vector<float>.Count; x < _value.Length; x++)
            {
                if (_value[x] > _best[x])
                {
                    (_best[x], _class[x]) = (_value[x], c);
                }
            }
        }

        private Span<float> Row(float[] values, int plane) => values.AsSpan(plane * width, width);

        private static Span<Vector<float>> Vectors(Span<float> values) =>
            MemoryMarshal.Cast<float, Vector<float>>(values);
    }
}
