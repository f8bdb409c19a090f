using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.Tool.Pipeline;

/// <summary>One pass over a <see cref="ReadAheadView"/>; the images become the reader's.</summary>
internal sealed class ReadAheadCursor(DataViewSchema schema, bool[] active, IEnumerable<ImageRow> rows)
    : DataViewRowCursor
{
    private readonly IEnumerator<ImageRow> _rows = rows.GetEnumerator();
    private long _position = -1;
    private bool _ended;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        _ended = _ended || !_rows.MoveNext();
        _position = _ended ? -1 : _position + 1;
        return !_ended;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _rows.Current.Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = column.Index;
        ValueGetter<MLImage> getter = (ref MLImage image) => image = _rows.Current.Images[index]!;
        return active[index] && getter is ValueGetter<TValue> typed
            ? typed
            : throw new InvalidOperationException(
                $"Column '{column.Name}' was not asked for when the cursor was made, or not as images."
            );
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            _rows.Dispose();
        }

        base.Dispose(disposing);
    }
}
