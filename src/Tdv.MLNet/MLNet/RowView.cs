using Microsoft.ML;

namespace Tdv.MLNet.MLNet;

/// <summary>Rows behind one cursor, however many are offered: what is behind it uses all cores by itself.</summary>
internal abstract class RowView : IDataView
{
    public abstract bool CanShuffle { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        return Open(active, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];

    /// <param name="active">One flag per column of <see cref="Schema"/>.</param>
    /// <param name="rand">Shuffles the rows; null: they come in order.</param>
    protected abstract DataViewRowCursor Open(bool[] active, Random? rand);
}
