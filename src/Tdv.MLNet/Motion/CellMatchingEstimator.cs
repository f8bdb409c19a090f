using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <summary>Finds flow or disparity by comparing features of cells; nothing is learned.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Two vectors of [Single](xref:System.Single), rows × columns × D |
/// | Output column data type | Vector of [Single](xref:System.Single), rows × columns × 2 for flow, rows × columns for disparity |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet |
/// ]]></format>
/// </remarks>
public sealed class CellMatchingEstimator : IEstimator<CellMatchingTransformer>
{
    private readonly CellMatchingTransformer _transformer;
    private readonly MatchSettings _settings;

    internal CellMatchingEstimator(IHostEnvironment environment, MatchSettings settings)
    {
        var faults = new Faults();
        settings.Check(faults);
        faults.ThrowIfAny($"{settings.Step} cannot work with these arguments:");
        _settings = settings;
        _transformer = new(environment, settings);
    }

    /// <summary>Checks the columns and gives the transformer.</summary>
    /// <exception cref="ArgumentException">Columns are missing, of the wrong type or of different sizes: all faults are listed.</exception>
    public CellMatchingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        var faults = new Faults();
        ColumnCheck.Require(columns, _settings.FromColumn, ColumnKind.Grid, faults);
        ColumnCheck.Require(columns, _settings.ToColumn, ColumnKind.Grid, faults);
        faults.ThrowIfAny($"{_settings.Step} cannot use these columns:");
        foreach (string name in new[] { _settings.OutputColumn, _settings.ValidColumn }.OfType<string>())
        {
            columns[name] = MLNetInternals.ShapeColumn(
                name,
                SchemaShape.Column.VectorKind.Vector,
                NumberDataViewType.Single
            );
        }

        return new SchemaShape(columns.Values);
    }
}
