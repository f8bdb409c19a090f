using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Evaluation;

/// <summary>Paints masks with a scorer of cells and counts how they agree with the truth.</summary>
/// <param name="scorer">Disposed of with this.</param>
/// <param name="present">The classes that the scorer knows.</param>
/// <param name="grid">The feature grid.</param>
/// <param name="confusion">Receives the counts.</param>
internal sealed class CellPainter(CellScorer scorer, PresentClasses present, GridColumns grid, MaskConfusion confusion)
    : IDisposable
{
    /// <summary>Scores of cells are stretched; neither a stride nor edges.</summary>
    private static readonly PixelWiseOptions Plain = new();

    private readonly float[] _evidence = new float[grid.Cells * present.Count];
    private MaskCanvas? _canvas;

    /// <param name="cells">The picture's features, <c>[cells, D]</c>.</param>
    /// <param name="truth">Its mask.</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="row">Its row, for errors.</param>
    public void Add(float[] cells, ReadOnlySpan<uint> truth, int height, int width, long row)
    {
        if (_canvas is null || !_canvas.Fits(height, width))
        {
            _canvas = new MaskCanvas(Plain, present, (grid.Height, grid.Width), grid.Dimension, scorer, height, width);
        }

        scorer.Score(cells, grid.Cells, _evidence);
        _canvas.Paint(cells, _evidence, image: null);
        confusion.Add(truth, _canvas.Mask, row);
    }

    public MaskMetrics ToMetrics() => confusion.ToMetrics();

    public void Dispose() => scorer.Dispose();
}
