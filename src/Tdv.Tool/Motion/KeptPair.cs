using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.Tool.Motion;

/// <summary>A made pair in memory: decoding the videos again for each network takes longer than all the rest.</summary>
internal sealed class KeptPair
{
    [ImageType(1, 1)]
    public MLImage PreviousFrame { get; set; } = null!;

    [ImageType(1, 1)]
    public MLImage Frame { get; set; } = null!;

    [VectorType(1)]
    public float[] Flow { get; set; } = [];

    /// <summary>In bytes.</summary>
    private const long MostMemory = 1L << 30;

    /// <summary>Makes all pairs, once; those that would take more than a gigabyte stay as they are, made in each pass.</summary>
    public static IDataView Keep(MLContext ml, IDataView made)
    {
        if (made.GetRowCount() is not { } count || AreTooLarge(count, made.Schema))
        {
            return made;
        }

        var schema = SchemaDefinition.Create(typeof(KeptPair), SchemaDefinition.Direction.Write);
        foreach (var column in schema)
        {
            column.ColumnType = made.Schema[column.ColumnName].Type;
            if (column.ColumnType is ImageDataViewType { Height: var height, Width: var width } image)
            {
                // ML.NET reads objects' images of registered sizes alone.
                DataViewTypeManager.Register(image, typeof(MLImage), new ImageTypeAttribute(height, width));
            }
        }

        return ml.Data.LoadFromEnumerable(Rows(made), schema);
    }

    /// <summary>Whether so many rows of these columns are more than is kept in memory.</summary>
    public static bool AreTooLarge(long rows, IEnumerable<DataViewSchema.Column> columns) =>
        rows * columns.Sum(BytesOf) > MostMemory;

    private static long BytesOf(DataViewSchema.Column column) =>
        column.Type switch
        {
            ImageDataViewType { Height: var height, Width: var width } => 4L * height * width,
            VectorDataViewType { Size: var size } => (long)sizeof(float) * size,
            _ => 0,
        };

    private static List<KeptPair> Rows(IDataView made)
    {
        var rows = new List<KeptPair>();
        using var cursor = made.GetRowCursor(made.Schema);
        var getPrevious = cursor.GetGetter<MLImage>(made.Schema[nameof(PreviousFrame)]);
        var getFrame = cursor.GetGetter<MLImage>(made.Schema[nameof(Frame)]);
        var getFlow = cursor.GetGetter<VBuffer<float>>(made.Schema[nameof(Flow)]);
        while (cursor.MoveNext())
        {
            MLImage previous = null!,
                frame = null!;
            VBuffer<float> flow = default;
            getPrevious(ref previous);
            getFrame(ref frame);
            getFlow(ref flow);
            rows.Add(
                new()
                {
                    PreviousFrame = previous,
                    Frame = frame,
                    Flow = [.. flow.DenseValues()],
                }
            );
        }

        return rows;
    }
}
