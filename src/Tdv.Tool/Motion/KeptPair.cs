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

    /// <summary>Makes all pairs, once.</summary>
    public static IDataView Keep(MLContext ml, IDataView made)
    {
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
