using Microsoft.ML.Runtime;
using Tdv.MLNet.Color;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Cuts pictures into patches of raw pixels, without any network; nothing is learned.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Image |
/// | Output column data type | Vector of [Single](xref:System.Single), gridHeight × gridWidth × 3·patchSize² |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet |
/// ]]></format>
/// </remarks>
public sealed class PatchFeaturizingEstimator : ColumnEstimator<PatchFeaturizingTransformer>
{
    internal PatchFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        PixelPatches patches
    )
        : base(new(environment, outputColumnName, inputColumnName, patches))
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputColumnName), "outputColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(inputColumnName), "inputColumnName is empty.");
        patches.Check(faults);
        faults.ThrowIfAny("PatchFeaturize cannot work with these arguments:");
    }
}
