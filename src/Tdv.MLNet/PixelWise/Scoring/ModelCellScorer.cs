using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>Any row model, driven cell by cell, one mapper per thread.</summary>
internal sealed class ModelCellScorer : CellScorer
{
    private const int CellsPerWorker = 64;
    private const float Tolerance = 1e-3f;

    private readonly AffineMap? _whitening;
    private readonly int _dimension;
    private readonly int _classes;
    private readonly bool _probabilities;
    private readonly Worker[] _workers;
    private float[] _whitened = [];

    public ModelCellScorer(
        ITransformer model,
        AffineMap? whitening,
        MaskLegend present,
        int dimension,
        bool probabilities,
        int cells
    )
    {
        _whitening = whitening;
        _dimension = dimension;
        _classes = present.Count;
        _probabilities = probabilities;
        var schema = PixelSchema.Create(dimension, present);
        var mapper = model.GetRowToRowMapper(schema);
        var workers = Math.Clamp(cells / CellsPerWorker, 1, Environment.ProcessorCount);
        _workers = Enumerable.Range(0, workers).Select(_ => new Worker(mapper, schema, dimension)).ToArray();
    }

    public override void Score(float[] cells, int count, float[] evidence)
    {
        var features = cells;
        if (_whitening is not null)
        {
            Array.Resize(ref _whitened, count * _dimension);
            _whitening.Apply(cells, count, _whitened);
            features = _whitened;
        }

        Parallel.For(
            0,
            _workers.Length,
            i =>
            {
                var end = (int)((long)count * (i + 1) / _workers.Length);
                for (var cell = (int)((long)count * i / _workers.Length); cell < end; cell++)
                {
                    _workers[i].Score(features, cell, evidence.AsSpan(cell * _classes, _classes));
                }
            }
        );
        if (_probabilities)
        {
            for (var i = 0; i < count * _classes; i++)
            {
                evidence[i] = ToEvidence(evidence[i]);
            }
        }
    }

    public override void Dispose() => Array.ForEach(_workers, worker => worker.Dispose());

    /// <summary>
    /// Finds out whether a trained model's scores are probabilities, which no trainer tells: whether those of each of the
    /// first rows are not negative and sum to 1.
    /// </summary>
    public static bool GivesProbabilities(ITransformer model, PixelTable table, MaskLegend legend)
    {
        var (features, rows) = table.Block(0);
        using var scorer = new ModelCellScorer(model, null, legend, table.Dimension, probabilities: false, rows);
        var scores = new float[rows * legend.Count];
        scorer.Score(features, rows, scores);
        return scores.Chunk(legend.Count).All(row => row.All(s => s >= 0) && Math.Abs(row.Sum() - 1) < Tolerance);
    }

    /// <summary>One reusable pixel row: any number of cells is classified without allocation.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly PixelCursor _row;
        private readonly DataViewRow _output;
        private readonly ValueGetter<VBuffer<float>> _getter;
        private float[] _cells = [];
        private int _cell;
        private VBuffer<float> _scores;

        public Worker(IRowToRowMapper mapper, DataViewSchema schema, int dimension)
        {
            var score = mapper.OutputSchema["Score"];
            _row = new PixelCursor(
                schema,
                [true, true],
                Endless(),
                (ref VBuffer<float> value) =>
                    Getters.Copy<float>(_cells.AsSpan(_cell * dimension, dimension), ref value),
                (ref uint value) => value = 0
            );
            _output = mapper.GetRow(_row, [score]);
            _getter = _output.GetGetter<VBuffer<float>>(score);
        }

        public void Score(float[] features, int cell, Span<float> scores)
        {
            (_cells, _cell) = (features, cell);
            // A new position for every cell: mappers keep results per position.
            _row.MoveNext();
            _getter(ref _scores);
            _scores.CopyTo(scores);
        }

        public void Dispose() => _output.Dispose();

        private static IEnumerable<DataViewRowId> Endless()
        {
            while (true)
            {
                yield return default;
            }
        }
    }
}
