using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>Pixel rows, with the columns of <see cref="PixelSchema"/>, read by whoever makes them.</summary>
/// <param name="rows">Moves from row to row and gives their ids.</param>
/// <param name="features">Reads the current row's.</param>
/// <param name="label">Reads the current row's.</param>
/// <param name="input">Disposed of with this.</param>
internal sealed class PixelCursor(
    DataViewSchema schema,
    bool[] active,
    IEnumerable<DataViewRowId> rows,
    ValueGetter<VBuffer<float>> features,
    ValueGetter<uint> label,
    IDisposable? input = null
) : DataViewRowCursor
{
    private readonly IEnumerator<DataViewRowId> _rows = rows.GetEnumerator();
    private long _position = -1;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        _position = _rows.MoveNext() ? _position + 1 : -1;
        return _position >= 0;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        OfRow((ref DataViewRowId value) => value = _rows.Current);

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate? getter =
            !active[column.Index] ? null
            : column.Index == PixelSchema.Features ? OfRow(features)
            : OfRow(label);
        return Getters.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input?.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueGetter<T> OfRow<T>(ValueGetter<T> read) =>
        (ref T value) =>
        {
            if (_position < 0)
            {
                throw new InvalidOperationException(
                    "A cursor has values only between MoveNext and the end of the data."
                );
            }

            read(ref value);
        };
}
