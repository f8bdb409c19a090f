namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>
/// A linear pixel classifier as one matrix against the same model through ML.NET's getters, cell by cell, on all cores.
/// The getters need the features whitened first, a matrix product that the one matrix has folded in.
/// </summary>
internal sealed class LinearScoringBenchmark : IRatioBenchmark
{
    private const double Bar = 4;
    private const int Cells = 28 * 28;
    private const int Repeats = 20;

    public IEnumerable<RatioRow> Run()
    {
        using var model = new PaintingModel(size: 96, seconds: 1, featureSize: 128);
        var painter = model.Painter;
        using var matrix = painter.CreateScorer(Cells);
        painter.UseMatrix = false;
        using var getters = painter.CreateScorer(Cells);
        float[] cells = new float[Cells * painter.Model.Dimension];
        var random = new Random(1);
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = random.NextSingle();
        }

        float[] evidence = new float[Cells * painter.Model.Classes.Count];
        double ratio = Interleaved.TimeRatio(() => Score(getters), () => Score(matrix));
        yield return RatioRow.AtLeast("linear pixel scoring / ML.NET getters row by row", ratio, Bar);

        void Score(PixelWise.CellScorer scorer)
        {
            for (int i = 0; i < Repeats; i++)
            {
                scorer.Score(cells, Cells, evidence);
            }
        }
    }
}
