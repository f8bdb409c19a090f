using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

internal sealed class PixelExpansionCursor : DataViewRowCursor
{
    private readonly PixelExpansionView _view;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly PixelSampler _sampler;
    private readonly MaskReader _mask;
    private readonly GridReader? _grid;
    private readonly ValueGetter<DataViewRowId> _inputId;
    private DataViewRowId _imageId;
    private int[] _pixels = [];
    private int _next;
    private long _position = -1;
    private bool _featuresRead;

    public PixelExpansionCursor(PixelExpansionView view, DataViewRowCursor input, bool[] active, PixelSampler sampler)
    {
        _view = view;
        _input = input;
        _active = active;
        _sampler = sampler;
        _mask = new MaskReader(input, view.Source);
        _grid = active[PixelSchema.Features] ? new GridReader(input, view.Source.Grid) : null;
        _inputId = input.GetIdGetter();
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    public override long Batch => _input.Batch;

    private int Pixel =>
        _position >= 0
            ? _pixels[_next - 1]
            : throw new InvalidOperationException("A cursor has values only between MoveNext and the end of the data.");

    public override bool MoveNext()
    {
        while (_next >= _pixels.Length)
        {
            if (!_input.MoveNext())
            {
                _position = -1;
                return false;
            }

            _mask.Read();
            _inputId(ref _imageId);
            _pixels = _sampler.Draw(_mask.Keys, _imageId);
            _next = 0;
            _featuresRead = false;
        }

        _next++;
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = _imageId.Combine(new DataViewRowId((ulong)Pixel, 0));

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate? getter =
            !_active[column.Index] ? null
            : column.Index == PixelSchema.Features ? (ValueGetter<VBuffer<float>>)ReadFeatures
            : (ValueGetter<uint>)((ref uint value) => value = _mask.Keys[Pixel]);
        return Getters.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ReadFeatures(ref VBuffer<float> value)
    {
        var pixel = Pixel;
        if (!_featuresRead)
        {
            _grid!.Read();
            _featuresRead = true;
        }

        var editor = VBufferEditor.Create(ref value, _view.Source.Grid.Dimension);
        _mask.Stretch.Interpolate(_grid!.Cells, pixel, editor.Values);
        value = editor.Commit();
    }
}
