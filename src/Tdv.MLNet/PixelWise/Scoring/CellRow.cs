using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>One reusable pixel row: a row mapper made for it classifies any number of cells without allocation.</summary>
internal sealed class CellRow(DataViewSchema schema, int dimension) : DataViewRow
{
    private float[] _cells = [];
    private int _cell;
    private long _position;

    public override DataViewSchema Schema => schema;

    // A new position for every cell: mappers keep results per position.
    public override long Position => _position;

    public override long Batch => 0;

    public void MoveTo(float[] cells, int cell)
    {
        _cells = cells;
        _cell = cell;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate getter =
            column.Index == PixelSchema.Features
                ? (ValueGetter<VBuffer<float>>)ReadFeatures
                : (ValueGetter<uint>)((ref uint value) => value = 0);
        return Getters.Typed<TValue>(getter, column);
    }

    private void ReadFeatures(ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, dimension);
        _cells.AsSpan(_cell * dimension, dimension).CopyTo(editor.Values);
        value = editor.Commit();
    }
}
