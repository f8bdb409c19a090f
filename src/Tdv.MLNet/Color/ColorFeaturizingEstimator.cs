using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Color;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>
/// Describes the colors of pictures cell by cell, without any network; nothing is learned in <see cref="Fit"/>.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Image |
/// | Output column data type | Vector of [Single](xref:System.Single), gridHeight × gridWidth × 44 |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet |
/// ]]></format>
/// </remarks>
public sealed class ColorFeaturizingEstimator : IEstimator<ColorFeaturizingTransformer>
{
    private readonly ColorFeaturizingTransformer _transformer;

    internal ColorFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        int gridHeight,
        int gridWidth
    )
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputColumnName), "outputColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(inputColumnName), "inputColumnName is empty.");
        ColorCells.Check(gridHeight, gridWidth, faults);
        faults.ThrowIfAny("ColorFeaturize cannot work with these arguments:");
        _transformer = new(environment, outputColumnName, inputColumnName, new ColorCells(gridHeight, gridWidth));
    }

    /// <summary>Checks the column and gives the transformer.</summary>
    /// <exception cref="ArgumentException">The column is missing or no image.</exception>
    public ColorFeaturizingTransformer Fit(IDataView input)
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
        ColumnCheck.Require(columns, _transformer.InputColumnName, null, "Image", faults);
        faults.ThrowIfAny("ColorFeaturize cannot use these columns:");
        columns[_transformer.OutputColumnName] = MLNetInternals.ShapeColumn(
            _transformer.OutputColumnName,
            SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Single
        );
        return new SchemaShape(columns.Values);
    }
}
