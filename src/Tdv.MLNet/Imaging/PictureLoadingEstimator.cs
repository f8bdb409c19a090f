using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Loads pictures from files, upright; nothing is learned.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | [Text](xref:Microsoft.ML.Data.TextDataViewType), the path of a picture |
/// | Output column data type | Image |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet |
/// ]]></format>
/// </remarks>
public sealed class PictureLoadingEstimator : ColumnEstimator<PictureLoadingTransformer>
{
    internal PictureLoadingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string folder,
        string inputColumnName,
        PictureOptions options
    )
        : base(new(environment, outputColumnName, folder, inputColumnName, options))
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputColumnName), "outputColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(inputColumnName), "inputColumnName is empty.");
        faults.Check(folder is not null, "folder is null; an empty string means that paths are used as they are.");
        options.Check(faults);
        faults.ThrowIfAny("LoadPictures cannot work with these arguments:");
    }
}
