using Microsoft.ML;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>Binds a reading to a schema, and reads row by row.</summary>
internal static class FlowReadingKernel
{
    public static ColumnKernel<float> Create(FlowReader reader, DataViewRow row, GridColumns grid)
    {
        var features = new GridReader(row, grid);
        return new ColumnKernel<float>(() =>
        {
            features.Read();
            return reader.Read(features.Cells, grid.Height, grid.Width);
        });
    }
}
