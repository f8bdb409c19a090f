using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet;

/// <summary>Learns to read optical flow from features by a small convolutional network.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes, in several passes |
/// | Input column data type | Known-size vectors of <xref:System.Single>, gridHeight × gridWidth × D; to train also the true flow, gridHeight × gridWidth × 2 |
/// | Output column data type | Known-size vector of <xref:System.Single>, gridHeight × gridWidth × 2 |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet |
///
/// A projection of each cell's features, two convolutions of 3 × 3 cells and a linear map, trained by AdamW to make least
/// the end-point error. Memory does not grow with the rows: 256 are held at once, and up to 128 that are kept back. The
/// features stay as they are. To fit needs libtorch, to transform does not.
/// ]]></format>
/// </remarks>
public sealed class FlowReadingEstimator : IEstimator<FlowReadingTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName;
    private readonly FlowReadingOptions _options;

    internal FlowReadingEstimator(IHostEnvironment environment, string outputColumnName, FlowReadingOptions options)
    {
        _host = environment.Register(nameof(FlowReadingEstimator));
        (_outputColumnName, _options) = (outputColumnName, options);
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputColumnName), "outputColumnName is empty.");
        options.Check(faults);
        faults.ThrowIfAny("ReadFlow cannot work with these arguments:");
    }

    /// <summary>Learns from all cells whose flow is known.</summary>
    /// <param name="input">Rows with features and true flow.</param>
    /// <exception cref="ArgumentException">Columns are missing or do not fit one another: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">Features are not finite.</exception>
    /// <exception cref="InvalidOperationException">No flow is known, there are too few rows, or no libtorch.</exception>
    public FlowReadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        LibTorchLoader.EnsureAvailable();
        return new(
            _host,
            _outputColumnName,
            new FlowReadingFit(_options, _options.Seed ?? MLNetInternals.Seed(_host) ?? 0).Run(input)
        );
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        var faults = new Faults();
        foreach (string name in _options.FeatureColumnNames.Append(_options.LabelColumnName))
        {
            ColumnCheck.Require(columns, name, ColumnKind.Grid, faults);
        }

        faults.ThrowIfAny("ReadFlow cannot use these columns:");
        columns[_outputColumnName] = MLNetInternals.ShapeColumn(
            _outputColumnName,
            SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Single
        );
        return new SchemaShape(columns.Values);
    }
}
