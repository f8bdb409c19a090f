using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Turns clips, named by their paths, into a vector each, for any trainer; nothing is learned.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | [Text](xref:Microsoft.ML.Data.TextDataViewType), the path of a video or of a folder of numbered frames |
/// | Output column data type | Known-size vector of [Single](xref:System.Single), D for each of the parts: means and maxima of the motion Δz and of CLS over the clip |
/// | Exportable to ONNX | No |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet and an OpenCvSharp4 runtime |
///
/// Trainers run through the data several times, and each time all clips would be read: put
/// <c>AppendCacheCheckpoint</c> behind this step.
/// ]]></format>
/// </remarks>
public sealed class TdvSummarizingEstimator : IEstimator<TdvSummarizingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly SummarySettings _settings;
    private readonly FeatureSettings _features;
    private readonly TdvModel _model;
    private readonly bool _ownsModel;

    /// <param name="environment">The context's.</param>
    /// <param name="settings">Columns and options.</param>
    /// <param name="model">The weights.</param>
    /// <param name="ownsModel">Whether nobody else has the model; each transformer then gets one of its own.</param>
    internal TdvSummarizingEstimator(
        IHostEnvironment environment,
        SummarySettings settings,
        TdvModel model,
        bool ownsModel
    )
    {
        var faults = new Faults();
        settings.Check(model.HasMotionEncoder, faults);
        faults.ThrowIfAny("TdvSummarize cannot work with these arguments:");
        (_environment, _settings, _model, _ownsModel) = (environment, settings, model, ownsModel);
        _features = FeatureSettings.From(settings.Features, "Features", SummarySettings.Frame, model.Options);
    }

    /// <summary>Checks the columns and gives the transformer.</summary>
    /// <exception cref="ArgumentException">The column of paths is missing or no text.</exception>
    public TdvSummarizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = Create(_ownsModel ? _model.Share() : _model, _ownsModel);
        try
        {
            transformer.GetOutputSchema(input.Schema);
            return transformer;
        }
        catch
        {
            transformer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Create(_model, ownsModel: false).GetOutputShape(inputSchema);
    }

    private TdvSummarizingTransformer Create(TdvModel model, bool ownsModel) =>
        new(_environment, _settings, new TdvFeaturizingTransformer(_environment, _features, model, ownsModel));
}
