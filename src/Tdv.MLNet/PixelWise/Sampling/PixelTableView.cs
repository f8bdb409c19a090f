using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>A <see cref="PixelTable"/> as a trainer sees it, its labels replaced by those of <paramref name="classes"/>.</summary>
internal sealed class PixelTableView(PixelTable table, PresentClasses classes, DataViewSchema schema) : RowView
{
    public override bool CanShuffle => true;

    public override DataViewSchema Schema => schema;

    public override long? GetRowCount() => table.Count;

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        return new PixelTableCursor(table, classes, schema, active, rand is null ? null : Order(rand));
    }

    private int[] Order(Random random)
    {
        var order = Enumerable.Range(0, table.Count).ToArray();
        random.Shuffle(order);
        return order;
    }
}
