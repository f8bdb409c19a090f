using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// All that painting masks of one picture size needs, kept from picture to picture. Scores go from the feature grid to a
/// lattice (of the stride, or a quarter of a cell where edges are followed; else the grid itself), then to the pixels.
/// </summary>
internal sealed class MaskCanvas
{
    /// <summary>Where edges are followed and no stride is given: lattice points along a cell's edge.</summary>
    private const int PointsPerCell = 4;

    /// <summary>Pixels whose features are interpolated and scored at once, so that memory stays small.</summary>
    private const int Batch = 1024;

    private const int BytesPerPixel = 4;

    private readonly CellScorer _scorer;
    private readonly int _dimension;
    private readonly bool _linear;
    private readonly PictureStretch _picture;
    private readonly PictureStretch? _lattice;
    private readonly ScorePlanes _scores;
    private readonly MaskPainter _painter;
    private readonly EdgeFilter? _filter;
    private readonly ScorePlanes? _colors;
    private readonly float[] _stretched = [];
    private readonly float[] _evidence = [];

    /// <param name="scorer">Classifies pixels where a stride asks for it; the caller's.</param>
    public MaskCanvas(
        PixelWiseOptions options,
        PresentClasses present,
        (int Height, int Width) grid,
        int dimension,
        CellScorer scorer,
        (int Height, int Width) size
    )
    {
        var (height, width) = size;
        var classes = present.Count;
        _scorer = scorer;
        _dimension = dimension;
        _scores = new ScorePlanes(classes, grid.Height, grid.Width);
        // Scores of a linear model may be interpolated instead of its features; the results are the same.
        _linear = options.Stride is null || scorer.IsLinear;
        if (options.Stride is not null || options.FollowEdges)
        {
            var (rows, columns) = options.Stride is { } stride
                ? ((height - 1) / stride + 1, (width - 1) / stride + 1)
                : (grid.Height * PointsPerCell, grid.Width * PointsPerCell);
            _lattice = new PictureStretch(rows, columns, grid.Height, grid.Width);
            _scores = new ScorePlanes(classes, rows, columns);
            _stretched = new float[Batch * (_linear ? classes : dimension)];
            _evidence = new float[_linear ? 0 : Batch * classes];
        }

        if (options.FollowEdges)
        {
            var radius = Math.Max(1, (int)Math.Round((double)_scores.Height / grid.Height));
            _filter = new EdgeFilter(classes, _scores.Height, _scores.Width, radius);
            _colors = new ScorePlanes(EdgeFilter.Colors, height, width);
        }

        _picture = new PictureStretch(height, width, _scores.Height, _scores.Width);
        _painter = new MaskPainter(present, _picture, _filter is null ? 1 : EdgeFilter.PlanesPerClass);
        Mask = new uint[height * width];
    }

    /// <summary>[height × width]: keys of the picture painted last.</summary>
    public uint[] Mask { get; }

    public bool Fits((int Height, int Width) size) => _picture.Fits(size.Height, size.Width);

    /// <param name="cells">The features [cells, D].</param>
    /// <param name="evidence">What the scorer gives for them [cells, classes].</param>
    /// <param name="image">The picture, read only where edges are followed.</param>
    public void Paint(float[] cells, float[] evidence, MLImage? image)
    {
        if (_lattice is null)
        {
            _scores.Set(evidence, 0, _scores.Cells);
        }
        else
        {
            ScoreLattice(_lattice, cells, evidence);
        }

        if (_filter is null)
        {
            _painter.Paint(_scores, null, Mask);
            return;
        }

        _scores.Softmax();
        ReadColors(image!);
        _filter.Fit(_scores, _colors!);
        _painter.Paint(_filter.Coefficients, _colors, Mask);
    }

    /// <summary>From bytes to 0 to 1, in the picture's own order.</summary>
    private void ReadColors(MLImage image)
    {
        var pixels = image.Pixels;
        for (var color = 0; color < EdgeFilter.Colors; color++)
        {
            var plane = _colors![color];
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[i * BytesPerPixel + color] * (1f / byte.MaxValue);
            }
        }
    }

    /// <summary>Stretches the evidence, or the features to be scored, over the lattice.</summary>
    private void ScoreLattice(PictureStretch lattice, float[] cells, float[] evidence)
    {
        var (source, depth) = _linear ? (evidence, _scores.Count) : (cells, _dimension);
        for (var first = 0; first < _scores.Cells; first += Batch)
        {
            var start = first;
            var count = Math.Min(Batch, _scores.Cells - start);
            Parallel.For(0, count, i => lattice.Interpolate(source, start + i, _stretched.AsSpan(i * depth, depth)));
            if (!_linear)
            {
                _scorer.Score(_stretched, count, _evidence);
            }

            _scores.Set(_linear ? _stretched : _evidence, start, count);
        }
    }
}
