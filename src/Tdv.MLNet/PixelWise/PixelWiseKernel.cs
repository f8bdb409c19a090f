using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Interop;

namespace Tdv.MLNet.PixelWise;

internal sealed class PixelWiseKernel : BatchKernel
{
    private readonly PixelWiseModel _model;
    private readonly GridColumns _grid;
    private readonly GridReader _reader;
    private readonly PictureSize? _size;
    private readonly CellScorer _scorer;
    private readonly float[] _evidence;
    private PictureStretch? _stretch;
    private uint[] _mask = [];

    public PixelWiseKernel(PixelWiseMapper mapper, DataViewRow input, bool[] active)
    {
        _model = mapper.Owner.Model;
        _grid = mapper.Grid;
        _reader = new GridReader(input, _grid);
        _size =
            mapper.Image is { } image && active[PixelWiseMapper.PredictedLabel] ? new PictureSize(input, image) : null;
        _scorer = mapper.Owner.CreateScorer(_grid.Cells);
        _evidence = new float[_grid.Cells * _model.Classes.Count];
    }

    public override void Read(int slot) => _reader.Read();

    /// <summary>Classifies the cells; painting the mask waits for its getter, since PredictionEngine asks for all columns.</summary>
    public override void Compute(int count) => _scorer.Score(_reader.Cells, _grid.Cells, _evidence);

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        output == PixelWiseMapper.PredictedLabel
            ? (ValueGetter<VBuffer<uint>>)(
                (ref VBuffer<uint> value) =>
                {
                    slot();
                    PaintMask(ref value);
                }
            )
            : (ValueGetter<VBuffer<float>>)(
                (ref VBuffer<float> value) =>
                {
                    slot();
                    var editor = VBufferEditor.Create(ref value, _grid.Cells * _model.Legend.Count);
                    WriteScores(editor.Values);
                    value = editor.Commit();
                }
            );

    public override void Dispose() => _scorer.Dispose();

    private void PaintMask(ref VBuffer<uint> value)
    {
        var (height, width) = _size?.Read() ?? (_grid.Height, _grid.Width);
        if (_stretch is null || !_stretch.Fits(height, width))
        {
            _stretch = new PictureStretch(height, width, _grid.Height, _grid.Width);
            _mask = new uint[height * width];
        }

        MaskPainter.Paint(_evidence, _stretch, _model.Classes, _mask);
        var editor = VBufferEditor.Create(ref value, _mask.Length);
        _mask.CopyTo(editor.Values);
        value = editor.Commit();
    }

    private void WriteScores(Span<float> scores)
    {
        var all = _model.Legend.Count;
        var present = _model.Classes.Count;
        scores.Fill(_model.Probabilities ? 0 : float.NegativeInfinity);
        var cellScores = new float[present];
        for (var cell = 0; cell < _grid.Cells; cell++)
        {
            _evidence.AsSpan(cell * present, present).CopyTo(cellScores);
            if (_model.Probabilities)
            {
                Softmax(cellScores);
            }

            for (var i = 0; i < present; i++)
            {
                scores[cell * all + _model.Classes.Indices[i]] = cellScores[i];
            }
        }
    }

    private static void Softmax(float[] values)
    {
        var most = values.Max();
        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Exp(values[i] - most);
            sum += values[i];
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] /= sum;
        }
    }
}
