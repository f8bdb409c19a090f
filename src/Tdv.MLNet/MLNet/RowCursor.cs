using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>Moves a cursor and shows the row that is computed from it: no batch, hence no copies.</summary>
internal sealed class RowCursor(DataViewRowCursor input, DataViewRow row) : DataViewRowCursor
{
    public override DataViewSchema Schema => row.Schema;

    public override long Position => row.Position;

    public override long Batch => row.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Getters.Typed<TValue>(IsColumnActive(column) ? row.GetGetter<TValue>(column) : null, column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            row.Dispose();
        }

        base.Dispose(disposing);
    }
}
