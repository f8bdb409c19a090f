using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>The rows of a view with a <see cref="BatchMapper"/>'s columns added, computed batch by batch.</summary>
internal sealed class BatchedDataView(IDataView input, BatchMapper mapper) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = mapper.Activate(columnsNeeded);
        var cursor = input.GetRowCursor(mapper.InputColumns(active), rand);
        try
        {
            return active.AnyComputed && mapper.BatchSize > 1
                ? new BatchCursor(mapper, cursor, active)
                : new RowCursor(cursor, new BatchRow(mapper, cursor, active));
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    /// <remarks>One cursor, whatever <paramref name="n"/>: the kernel uses all cores by itself.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];
}
