using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>Learns a reading: one pass to see what the rows are like, then those of the training.</summary>
internal sealed class FlowReadingFit(FlowReadingOptions options, int seed)
{
    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">Features are not finite.</exception>
    /// <exception cref="InvalidOperationException">There are too few rows, or no cell has a known flow.</exception>
    public FlowReader Run(IDataView input)
    {
        var (grid, label) = Bind(input.Schema);
        var rows = new FlowRows(input, grid, label);
        var statistics = new FlowStatistics(grid.Dimension);
        foreach (var row in rows.Read())
        {
            statistics.Add(row);
        }

        Check(statistics, label.Name);
        var (layers, error) = new FlowHeadFit(rows, statistics, options, seed).Run();
        return new([.. options.FeatureColumnNames], grid.Depths, layers, error);
    }

    private void Check(FlowStatistics statistics, string label)
    {
        if (statistics.Rows < FlowHeadFit.HeldOutEvery)
        {
            throw new InvalidOperationException(
                $"ReadFlow has {statistics.Rows} rows to learn from; it needs {FlowHeadFit.HeldOutEvery} or more, as it keeps every "
                    + $"{FlowHeadFit.HeldOutEvery}th back to see which pass was best, and thousands to learn well."
            );
        }

        if (statistics.Known == 0)
        {
            throw new InvalidOperationException(
                $"ReadFlow has nothing to learn from: no cell of column '{label}' has a known flow."
            );
        }

        if (!statistics.AreFinite)
        {
            throw new InvalidDataException(
                $"ReadFlow cannot learn from features that are not finite; look at the columns "
                    + $"{string.Join(", ", options.FeatureColumnNames.Select(name => $"'{name}'"))}."
            );
        }
    }

    private (GridColumns Grid, DataViewSchema.Column Label) Bind(DataViewSchema schema)
    {
        var faults = new Faults();
        var grid = GridColumns.Bind(schema, options.FeatureColumnNames, positions: false, faults);
        var label = ColumnCheck.Require(schema, options.LabelColumnName, ColumnKind.Grid, faults);
        if (grid is not null && label is { Type: Microsoft.ML.Data.VectorDataViewType type })
        {
            faults.Check(
                type.Dimensions.SequenceEqual([grid.Height, grid.Width, FlowReader.Targets]),
                $"column '{options.LabelColumnName}' is of {string.Join(" × ", type.Dimensions)} numbers; "
                    + $"{grid.Height} × {grid.Width} × {FlowReader.Targets} are expected, a flow for each cell of the features."
            );
        }

        faults.ThrowIfAny("ReadFlow cannot use these columns:");
        return (grid!, label!.Value);
    }
}
