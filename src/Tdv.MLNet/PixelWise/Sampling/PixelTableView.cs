using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.PixelWise;

/// <summary>A <see cref="PixelTable"/> as a trainer sees it, its labels replaced by those of <paramref name="classes"/>.</summary>
internal sealed class PixelTableView(PixelTable table, PresentClasses classes, DataViewSchema schema) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => table.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        return new PixelTableCursor(table, classes, schema, active, rand is null ? null : Order(rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];

    private int[] Order(Random random)
    {
        var order = Enumerable.Range(0, table.Count).ToArray();
        random.Shuffle(order);
        return order;
    }
}
