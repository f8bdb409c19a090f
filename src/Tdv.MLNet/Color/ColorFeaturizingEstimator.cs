using Microsoft.ML.Runtime;
using Tdv.MLNet.Color;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>
/// Describes the colors of pictures cell by cell, without any network; nothing is learned.
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
public sealed class ColorFeaturizingEstimator : ColumnEstimator<ColorFeaturizingTransformer>
{
    internal ColorFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        int gridHeight,
        int gridWidth
    )
        : base(new(environment, outputColumnName, inputColumnName, new ColorCells(gridHeight, gridWidth)))
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputColumnName), "outputColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(inputColumnName), "inputColumnName is empty.");
        ColorCells.Check(gridHeight, gridWidth, faults);
        faults.ThrowIfAny("ColorFeaturize cannot work with these arguments:");
    }
}
