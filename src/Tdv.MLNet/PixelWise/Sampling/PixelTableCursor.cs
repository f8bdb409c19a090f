using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

internal sealed class PixelTableCursor(
    PixelTable table,
    PresentClasses classes,
    DataViewSchema schema,
    bool[] active,
    int[]? order
) : DataViewRowCursor
{
    private int _position = -1;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    private int Index => order is null ? _position : order[_position];

    public override bool MoveNext()
    {
        if (_position + 1 < table.Count)
        {
            _position++;
            return true;
        }

        _position = -1;
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new DataViewRowId((ulong)Index, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate? getter =
            !active[column.Index] ? null
            : column.Index == PixelSchema.Features ? (ValueGetter<VBuffer<float>>)ReadFeatures
            : (ValueGetter<uint>)((ref uint value) => value = classes.ToCompact(table.Keys[Index]));
        return Getters.Typed<TValue>(getter, column);
    }

    private void ReadFeatures(ref VBuffer<float> value) => Getters.Copy(table.Row(Index), ref value);
}
