using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

internal sealed class PixelWiseKernel : BatchKernel
{
    private readonly DataViewRow _input;
    private readonly PixelWiseModel _model;
    private readonly GridColumns _grid;
    private readonly GridReader _reader;
    private readonly PictureSize _size;
    private readonly UseCount.Lease _use;
    private readonly CellPainter _painter;
    private readonly float[] _cellScores;

    /// <summary>Of the current row: images are decoded anew for each who asks.</summary>
    private (int Height, int Width)? _current;

    public PixelWiseKernel(PixelWiseMapper mapper, DataViewRow input, bool[] active)
    {
        _input = input;
        _model = mapper.Owner.Model;
        _grid = mapper.Grid;
        _reader = new GridReader(input, _grid);
        bool isPainted = active[PixelWiseMapper.PredictedLabel] || active.ElementAtOrDefault(PixelWiseMapper.Size);
        _size = new PictureSize(input, isPainted ? mapper.Image : null, _grid);
        _use = mapper.Owner.Use();
        _painter = new CellPainter(mapper.Owner.CreateScorer(_grid.Cells), _model.Options, _model.Classes, _grid);
        _cellScores = new float[_model.Classes.Count];
    }

    public override void Read(int slot)
    {
        _reader.Read();
        _current = null;
    }

    /// <summary>Classifies the cells; painting the mask waits for its getter, since PredictionEngine asks for all columns.</summary>
    public override void Compute(int count)
    {
        _painter.Score(_reader.Cells);
        // Numbers that are finite may still overflow with a classifier's weights; every class would lose to the first.
        FiniteValues.Require(_painter.Evidence, _model.Options.ScoreColumnName, _input.Position);
    }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        output == PixelWiseMapper.Size
            ? (ValueGetter<VBuffer<int>>)(
                (ref VBuffer<int> value) =>
                {
                    slot();
                    var (height, width) = _current ??= _size.Read();
                    Getters.Copy([height, width], ref value);
                }
            )
        : output == PixelWiseMapper.PredictedLabel
            ? (ValueGetter<VBuffer<uint>>)(
                (ref VBuffer<uint> value) =>
                {
                    slot();
                    _current = _size.Read();
                    var mask = _painter.Paint(_reader.Cells, _current.Value, _size.Image);
                    Getters.Copy<uint>(mask, ref value);
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

    public override void Dispose()
    {
        _painter.Dispose();
        _use.Dispose();
    }

    private void WriteScores(Span<float> scores)
    {
        var all = _model.Legend.Count;
        var present = _model.Classes.Count;
        scores.Fill(_model.Probabilities ? 0 : float.NegativeInfinity);
        for (var cell = 0; cell < _grid.Cells; cell++)
        {
            _painter.Evidence.AsSpan(cell * present, present).CopyTo(_cellScores);
            if (_model.Probabilities)
            {
                Softmax(_cellScores);
            }

            for (var i = 0; i < present; i++)
            {
                scores[cell * all + _model.Classes.Indices[i]] = _cellScores[i];
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
