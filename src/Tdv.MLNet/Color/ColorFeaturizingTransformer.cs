using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Color;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row what its picture's colors are, <c>Vector&lt;Single, gridHeight, gridWidth, 44&gt;</c>: for each cell
/// the means and the standard deviations of red, green and blue (0 to 1), y and x of its center (-1 to 1), and the
/// products of any two of these eight, squares among them. Lazy, row to row.
/// </summary>
public sealed class ColorFeaturizingTransformer : ITransformer
{
    internal const string LoaderSignature = "TdvColorFeaturizing";
    private const string ModelSignature = "TDVCOLOR";

    internal ColorFeaturizingTransformer(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        ColorCells cells
    )
    {
        // Registered for its log and seed like every transformer of ML.NET.
        environment.Register(nameof(ColorFeaturizingTransformer));
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
        Cells = cells;
    }

    /// <summary>The feature column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>The image column.</summary>
    public string InputColumnName { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    internal ColorCells Cells { get; }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        new ColorFeaturizingMapper(this, inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchedDataView(input, new ColorFeaturizingMapper(this, input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        MLNetInternals.BeginSave(ctx, ModelSignature, LoaderSignature);
        var writer = MLNetInternals.Writer(ctx);
        writer.Write(OutputColumnName);
        writer.Write(InputColumnName);
        writer.Write(Cells.Height);
        writer.Write(Cells.Width);
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static ColorFeaturizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var reader = MLNetInternals.Reader(ctx);
        string output = reader.ReadString();
        string input = reader.ReadString();
        int height = reader.ReadInt32();
        int width = reader.ReadInt32();
        var faults = new Faults();
        ColorCells.Check(height, width, faults);
        return faults.Count == 0
            ? new(env, output, input, new ColorCells(height, width))
            : throw new InvalidDataException(
                $"The saved ColorFeaturize step is damaged: its grid is {height}×{width} cells. Save the model again."
            );
    }
}
