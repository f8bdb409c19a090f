using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row the flow that is read from its features, <c>Vector&lt;Single, gridHeight, gridWidth, 2&gt;</c>: how far
/// each cell of the previous frame moves to the right and down, in pixels of the pictures that the features were computed
/// of. The grid may have another size than in training, the features not. Lazy, row to row.
/// </summary>
public sealed class FlowReadingTransformer : RowTransformer
{
    internal const string LoaderSignature = "TdvFlowReading";
    private const string ModelSignature = "TDVREADF";

    internal FlowReadingTransformer(IHostEnvironment environment, string outputColumnName, FlowReader reader)
    {
        // Registered for its log and seed like every transformer of ML.NET.
        environment.Register(nameof(FlowReadingTransformer));
        (OutputColumnName, Reader) = (outputColumnName, reader);
    }

    /// <summary>The column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>The feature columns that are read.</summary>
    public IReadOnlyList<string> FeatureColumnNames => Reader.FeatureColumnNames;

    /// <summary>Mean end-point error, in pixels, on the rows that the fit kept back to choose among its passes.</summary>
    public double HeldOutError => Reader.HeldOutError;

    internal FlowReader Reader { get; }

    private protected override BatchMapper Bind(DataViewSchema input)
    {
        var faults = new Faults();
        var grid = GridColumns.Bind(input, Reader.FeatureColumnNames, positions: false, faults);
        for (int i = 0; i < grid?.Columns.Count; i++)
        {
            faults.Check(
                grid.Depths[i] == Reader.Depths[i],
                $"feature column '{grid.Columns[i].Name}' has {grid.Depths[i]} features per cell; the reading was trained "
                    + $"on {Reader.Depths[i]}. Use the featurizer it was trained with."
            );
        }

        faults.ThrowIfAny("ReadFlow cannot use these columns:");
        return new ColumnMapper(
            input,
            [.. grid!.Columns],
            [
                new(
                    OutputColumnName,
                    new VectorDataViewType(NumberDataViewType.Single, grid.Height, grid.Width, FlowReader.Targets)
                ),
            ],
            (row, _) => FlowReadingKernel.Create(Reader, row, grid)
        );
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        var writer = MLNetInternals.Writer(context);
        writer.Write(OutputColumnName);
        Reader.Save(writer);
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static FlowReadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var reader = MLNetInternals.Reader(ctx);
        return new(env, reader.ReadString(), FlowReader.Load(reader));
    }
}
