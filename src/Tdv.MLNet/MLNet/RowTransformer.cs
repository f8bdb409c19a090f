using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>Adds columns to rows, lazily: what all transformers of this library have in common.</summary>
public abstract class RowTransformer : ITransformer
{
    private protected RowTransformer() { }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchedDataView(input, Bind(input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <exception cref="ArgumentException">Columns are missing or of the wrong type: all faults are listed.</exception>
    private protected abstract BatchMapper Bind(DataViewSchema input);

    private protected abstract void Save(ModelSaveContext context);
}
