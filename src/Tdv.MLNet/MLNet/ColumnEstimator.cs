using Microsoft.ML;

namespace Tdv.MLNet;

/// <summary>A step that learns nothing: <see cref="Fit"/> checks the columns.</summary>
/// <typeparam name="TTransformer">What does the work.</typeparam>
public abstract class ColumnEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ColumnTransformer
{
    private readonly TTransformer _transformer;

    private protected ColumnEstimator(TTransformer transformer) => _transformer = transformer;

    /// <summary>Checks the columns and gives the transformer.</summary>
    /// <exception cref="ArgumentException">Columns are missing or of the wrong type: all faults are listed.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _transformer.GetOutputShape(inputSchema);
    }
}
