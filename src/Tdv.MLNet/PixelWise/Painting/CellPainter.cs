using Microsoft.ML.Data;

namespace Tdv.MLNet.PixelWise;

/// <summary>Paints pictures' masks with a scorer of cells.</summary>
/// <param name="scorer">Disposed of with this.</param>
internal sealed class CellPainter(CellScorer scorer, PixelWiseOptions options, PresentClasses present, GridColumns grid)
    : IDisposable
{
    private MaskCanvas? _canvas;

    /// <summary>What the scorer gave for the picture scored last, <c>[cells, present classes]</c>.</summary>
    public float[] Evidence { get; } = new float[grid.Cells * present.Count];

    /// <param name="cells">The picture's features, <c>[cells, D]</c>.</param>
    public void Score(float[] cells) => scorer.Score(cells, grid.Cells, Evidence);

    /// <summary>Paints the picture scored last.</summary>
    /// <param name="cells">Its features, <c>[cells, D]</c>.</param>
    /// <param name="image">The picture, read only where edges are followed.</param>
    /// <returns><c>[height × width]</c>: keys, written over by the next picture's.</returns>
    public uint[] Paint(float[] cells, (int Height, int Width) size, MLImage? image)
    {
        if (_canvas is null || !_canvas.Fits(size))
        {
            _canvas = new MaskCanvas(options, present, (grid.Height, grid.Width), grid.Dimension, scorer, size);
        }

        _canvas.Paint(cells, Evidence, image);
        return _canvas.Mask;
    }

    public void Dispose() => scorer.Dispose();
}
