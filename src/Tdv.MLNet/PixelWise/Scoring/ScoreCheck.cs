using Microsoft.ML;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.PixelWise;

/// <summary>Finds out whether a trained model's scores are probabilities: no trainer tells.</summary>
internal static class ScoreCheck
{
    private const float Tolerance = 1e-3f;

    /// <summary>True if the scores of each of the first rows are not negative and sum to 1.</summary>
    public static bool GivesProbabilities(ITransformer model, PixelTable table, MaskLegend legend)
    {
        var (features, rows) = table.Block(0);
        using var scorer = new ModelCellScorer(model, null, legend, table.Dimension, probabilities: false, rows);
        var scores = new float[rows * legend.Count];
        scorer.Score(features, rows, scores);
        return scores.Chunk(legend.Count).All(row => row.All(s => s >= 0) && Math.Abs(row.Sum() - 1) < Tolerance);
    }
}
