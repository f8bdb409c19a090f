using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.PixelWise;

/// <summary>Any row model, driven cell by cell, one mapper per thread.</summary>
internal sealed class ModelCellScorer : CellScorer
{
    private const int CellsPerWorker = 64;

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

    private sealed class Worker : IDisposable
    {
        private readonly CellRow _row;
        private readonly DataViewRow _output;
        private readonly ValueGetter<VBuffer<float>> _getter;
        private VBuffer<float> _scores;

        public Worker(IRowToRowMapper mapper, DataViewSchema schema, int dimension)
        {
            var score = mapper.OutputSchema["Score"];
            _row = new CellRow(schema, dimension);
            _output = mapper.GetRow(_row, [score]);
            _getter = _output.GetGetter<VBuffer<float>>(score);
        }

        public void Score(float[] features, int cell, Span<float> scores)
        {
            _row.MoveTo(features, cell);
            _getter(ref _scores);
            _scores.CopyTo(scores);
        }

        public void Dispose() => _output.Dispose();
    }
}
