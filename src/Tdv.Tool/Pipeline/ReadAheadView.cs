using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.Tool.Pipeline;

/// <summary>The images of a view, read on a thread of their own: decoding overlaps with whatever uses the rows.</summary>
/// <param name="input">Its columns of images are given, no others.</param>
/// <param name="capacity">The most rows that wait.</param>
internal sealed class ReadAheadView(IDataView input, int capacity) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = Images(input.Schema);

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        return new ReadAheadCursor(Schema, active, new ReadAhead<ImageRow>(Rows(active), capacity));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema Images(DataViewSchema schema)
    {
        var images = new DataViewSchema.Builder();
        images.AddColumns(schema.Where(column => column.Type is ImageDataViewType));
        return images.ToSchema();
    }

    private IEnumerable<ImageRow> Rows(bool[] active)
    {
        var columns = Schema.Where(column => active[column.Index]).ToArray();
        using var cursor = input.GetRowCursor(columns.Select(column => input.Schema[column.Name]));
        var getters = columns
            .Select(column => (column.Index, Get: cursor.GetGetter<MLImage>(input.Schema[column.Name])))
            .ToArray();
        var getId = cursor.GetIdGetter();
        while (cursor.MoveNext())
        {
            DataViewRowId id = default;
            getId(ref id);
            var images = new MLImage?[active.Length];
            foreach (var (index, get) in getters)
            {
                MLImage image = null!;
                get(ref image);
                images[index] = image;
            }

            yield return new ImageRow(id, images);
        }
    }
}
