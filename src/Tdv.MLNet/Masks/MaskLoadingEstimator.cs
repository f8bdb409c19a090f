using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Loads masks from label pictures; nothing is learned.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | [Text](xref:Microsoft.ML.Data.TextDataViewType), the path of a label picture |
/// | Output column data type | Variable-size vector of [key](xref:Microsoft.ML.Data.KeyDataViewType) type, height × width, row by row; ignored pixels are missing. Beside it a vector of two <xref:System.Int32>, height and width |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet and an OpenCvSharp4 runtime |
/// ]]></format>
/// </remarks>
public sealed class MaskLoadingEstimator : ColumnEstimator<MaskLoadingTransformer>
{
    internal MaskLoadingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string folder,
        string inputColumnName,
        IReadOnlyList<MaskClass> classes,
        string? imageColumnName
    )
        : base(new(environment, outputColumnName, folder, inputColumnName, classes ?? [], imageColumnName))
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputColumnName), "outputColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(inputColumnName), "inputColumnName is empty.");
        faults.Check(folder is not null, "folder is null; an empty string means that paths are used as they are.");
        CheckClasses(classes ?? [], faults);
        faults.ThrowIfAny("LoadMasks cannot work with these arguments:");
    }

    internal static void CheckClasses(IReadOnlyList<MaskClass> classes, Faults faults)
    {
        if (classes.All(c => c.Ignore))
        {
            faults.Add("classes has no class that is not ignored.");
            return;
        }

        foreach (var mask in classes.Where(c => c.Id is < 0 or > 255))
        {
            faults.Add($"class '{mask.Name}' has the id {mask.Id}; ids are pixel values from 0 to 255.");
        }

        foreach (var same in classes.GroupBy(c => c.Id).Where(group => group.Count() > 1))
        {
            faults.Add($"the id {same.Key} belongs to {string.Join(" and ", same.Select(c => $"'{c.Name}'"))}.");
        }

        foreach (var same in classes.GroupBy(c => c.Name).Where(group => group.Count() > 1))
        {
            faults.Add($"the name '{same.Key}' occurs {same.Count()} times.");
        }
    }
}
