using Microsoft.ML;

namespace Tdv.MLNet.MLNet;

/// <summary>The rows of a view with a <see cref="BatchMapper"/>'s columns added, computed batch by batch.</summary>
internal sealed class BatchedDataView(IDataView input, BatchMapper mapper) : RowView
{
    public override bool CanShuffle => input.CanShuffle;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override long? GetRowCount() => input.GetRowCount();

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        var wanted = mapper.Activate(Schema.Where(column => active[column.Index]));
        var cursor = input.GetRowCursor(mapper.InputColumns(wanted), rand);
        try
        {
            return wanted.AnyComputed && mapper.BatchSize > 1
                ? new BatchCursor(mapper, cursor, wanted)
                : new RowCursor(cursor, new BatchRow(mapper, cursor, wanted));
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
