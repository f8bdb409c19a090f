using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Masks;

/// <summary>
/// Height and width of masks. A mask column's vectors have no fixed size, and their length alone does not tell a mask from
/// one that lies on its side: whatever makes a column <c>Mask</c> adds <c>MaskSize</c>, [height, width], of each row.
/// </summary>
internal static class MaskSize
{
    /// <summary>The name of the column beside a mask column.</summary>
    public static string NameFor(string mask) => $"{mask}Size";

    /// <summary>The column beside a mask column.</summary>
    public static DataViewSchema.DetachedColumn ColumnFor(string mask) =>
        new(NameFor(mask), new VectorDataViewType(NumberDataViewType.Int32, 2));

    /// <summary>The column with the sizes of a mask column, if the data have one.</summary>
    public static DataViewSchema.Column? Find(DataViewSchema schema, string mask) =>
        schema.GetColumnOrNull(NameFor(mask))
            is { Type: VectorDataViewType { Size: 2, ItemType: NumberDataViewType type } } column
        && type == NumberDataViewType.Int32
            ? column
            : null;

    /// <summary>A mask column and, if the data have one, that of its sizes.</summary>
    public static IEnumerable<DataViewSchema.Column> WithSize(DataViewSchema schema, DataViewSchema.Column mask) =>
        Find(schema, mask.Name) is { } size ? [mask, size] : [mask];

    /// <summary>What an error adds where height and width have changed places; else nothing.</summary>
    public static string Hint((int Height, int Width) found, (int Height, int Width) expected) =>
        found == (expected.Width, expected.Height)
            ? " Height and width have changed places: LoadPictures stands a picture upright as its camera noted, and the mask "
                + "must stand upright too."
            : "";
}
