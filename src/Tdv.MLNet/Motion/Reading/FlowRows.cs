using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>Rows of features and true flow, read anew in each pass.</summary>
internal sealed class FlowRows(IDataView input, GridColumns grid, DataViewSchema.Column label)
{
    public int Height => grid.Height;

    public int Width => grid.Width;

    public IEnumerable<FlowRow> Read()
    {
        using var cursor = input.GetRowCursor([.. grid.Columns, label]);
        var reader = new GridReader(cursor, grid);
        var getFlow = cursor.GetGetter<VBuffer<float>>(label);
        VBuffer<float> flow = default;
        while (cursor.MoveNext())
        {
            reader.Read();
            getFlow(ref flow);
            yield return new([.. reader.Cells], [.. flow.DenseValues()]);
        }
    }
}
