using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Evaluation;

/// <summary>
/// Classifies grid cells by the votes of the most similar sampled pixels. Features are standardized first: what all
/// pixels have in common would otherwise make all of them similar, and columns of larger numbers would decide alone.
/// What it gives are the classes' shares of the votes.
/// </summary>
internal sealed class NeighborCellScorer : CellScorer
{
    private readonly NeighborIndex _index;
    private readonly int _neighbors;
    private readonly double _temperature;
    private readonly int _classes;
    private readonly float[] _mean;
    private readonly float[] _factor;

    /// <param name="table">The sampled pixels, not whitened; copied.</param>
    public NeighborCellScorer(PixelTable table, PresentClasses classes, FeatureEvaluationOptions options, int seed)
    {
        _temperature = options.Temperature;
        _classes = classes.Count;
        (_mean, _factor) = Standardization(table);
        var rows = Enumerable.Range(0, table.Count).ToArray();
        new Random(seed).Shuffle(rows);
        Array.Resize(ref rows, Math.Min(rows.Length, options.References));
        var references = new float[rows.Length * table.Dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            Standardize(table.Row(rows[i]), references.AsSpan(i * table.Dimension, table.Dimension));
        }

        int[] keys = [.. rows.Select(row => (int)classes.ToCompact(table.Keys[row]) - 1)];
        _index = new NeighborIndex(references, keys, table.Dimension);
        _neighbors = Math.Min(options.Neighbors, _index.Count);
    }

    public override void Score(float[] cells, int count, float[] evidence)
    {
        var d = _mean.Length;
        var queries = new float[count * d];
        Parallel.For(0, count, cell => Standardize(cells.AsSpan(cell * d, d), queries.AsSpan(cell * d, d)));
        var (similarities, classes) = _index.Find(queries, count, _neighbors);
        for (var cell = 0; cell < count; cell++)
        {
            NeighborIndex.Vote(
                similarities.AsSpan(cell * _neighbors, _neighbors),
                classes.AsSpan(cell * _neighbors, _neighbors),
                _temperature,
                evidence.AsSpan(cell * _classes, _classes)
            );
        }
    }

    public override void Dispose() { }

    private static (float[] Mean, float[] Factor) Standardization(PixelTable table)
    {
        var sums = new double[table.Dimension];
        var squares = new double[table.Dimension];
        for (var row = 0; row < table.Count; row++)
        {
            var features = table.Row(row);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += features[i];
                squares[i] += (double)features[i] * features[i];
            }
        }

        double n = table.Count;
        return ([.. sums.Select(sum => (float)(sum / n))], [.. sums.Zip(squares, (s, q) => Factor(s / n, q / n))]);
    }

    /// <summary>0 for a feature that never changes.</summary>
    private static float Factor(double mean, double square)
    {
        var variance = square - mean * mean;
        return variance > 1e-12 * (1 + mean * mean) ? (float)(1 / Math.Sqrt(variance)) : 0;
    }

    private void Standardize(ReadOnlySpan<float> features, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (features[i] - _mean[i]) * _factor[i];
        }
    }
}
