using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>Binds a reading to a schema, and reads row by row.</summary>
internal static class FlowReadingKernel
{
    public static ColumnKernel<float> Create(FlowReader reader, DataViewRow row, GridColumns grid)
    {
        var features = new NeighborhoodReader(row, grid, reader.Neighborhood);
        var cells = new float[grid.Cells * reader.Map.Inputs];
        var flow = new float[grid.Cells * FlowReader.Targets];
        return new ColumnKernel<float>(() =>
        {
            features.Read();
            for (int cell = 0; cell < grid.Cells; cell++)
            {
                features.Copy(cell, cells.AsSpan(cell * reader.Map.Inputs, reader.Map.Inputs));
            }

            reader.Map.Apply(cells, grid.Cells, flow);
            return flow;
        });
    }
}
