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
        var order = Enumerable.Range(0, table.Count).ToArray();
        rand?.Shuffle(order);
        var row = -1;
        return new PixelCursor(
            schema,
            active,
            Rows(),
            (ref VBuffer<float> value) => Getters.Copy(table.Row(row), ref value),
            (ref uint value) => value = classes.ToCompact(table.Keys[row])
        );

        IEnumerable<DataViewRowId> Rows()
        {
            foreach (var next in order)
            {
                row = next;
                yield return new((ulong)row, 0);
            }
        }
    }
}
