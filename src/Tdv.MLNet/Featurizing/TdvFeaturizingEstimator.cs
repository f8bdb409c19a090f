using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;

namespace Tdv.MLNet;

/// <summary>
/// Turns frames into a grid of features with a TDV network. Made with <see cref="TdvOptions"/>, <see cref="Fit"/>
/// first trains the network on rows that have a frame and its predecessor; made with a <see cref="TdvModel"/>, it
/// trains nothing.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ###  Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes with TdvOptions, no with a TdvModel or a file |
/// | Input column data type | Image, of any size; to train and for motion also the previous frame's |
/// | Output column data type | Known-size vector of <xref:System.Single>, gridHeight × gridWidth × layers·D; on request the CLS vector, layers·D, and the encoded motion, gridHeight × gridWidth × D |
/// | Exportable to ONNX | By TdvModel.ExportOnnx, not as part of a pipeline |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet; to train also a TorchSharp backend |
///
/// The grid has a cell for each patch: 8 × 8 × 192 values for the Tiny preset at its own 64 × 64 pixels.
///
/// The method is [Temporal Difference in Vision](https://arxiv.org/abs/2606.15956), section 3 and algorithm 1. A frame
/// encoder gives tokens z of a frame, a motion encoder Δz from the difference of two frames, and z + Δz is to equal the
/// tokens that a slowly moving copy of the frame encoder gives of the second frame.
/// ]]></format>
/// </remarks>
public sealed class TdvFeaturizingEstimator : IEstimator<TdvFeaturizingTransformer>
{
    private readonly IHost _host;
    private readonly FeatureSettings _settings;
    private readonly TdvOptions? _training;
    private readonly TdvModel? _model;
    private readonly bool _ownsModel;

    internal TdvFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string? inputColumnName,
        TdvOptions training,
        TdvFeatureOptions? features
    )
        : this(environment, outputColumnName, inputColumnName, Recipe.From(training).Network, features) =>
        _training = training;

    /// <param name="ownsModel">Whether nobody else has the model; each transformer then gets one of its own.</param>
    internal TdvFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string? inputColumnName,
        TdvModel model,
        TdvFeatureOptions? features,
        bool ownsModel
    )
        : this(environment, outputColumnName, inputColumnName, model.Options, features) =>
        (_model, _ownsModel) = (model, ownsModel);

    private TdvFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumnName,
        string? inputColumnName,
        NetworkOptions network,
        TdvFeatureOptions? features
    )
    {
        _host = environment.Register(nameof(TdvFeaturizingEstimator));
        _settings = FeatureSettings.From(
            features ?? new(),
            outputColumnName,
            inputColumnName ?? outputColumnName,
            network
        );
    }

    /// <summary>Trains the network if it is not trained yet.</summary>
    /// <param name="input">Rows with the input image and, for training, its predecessor.</param>
    /// <exception cref="ArgumentException">A column is missing or is no image.</exception>
    /// <exception cref="InvalidOperationException">No frame pairs, or the training diverged.</exception>
    public TdvFeaturizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(MLNetInternals.ShapeOf(input.Schema));
        if (_training is not null)
        {
            CheckValidation(_training);
            var loop = new PretrainingLoop(_host, _training, _settings.InputColumn, _settings.PreviousColumn);
            return new TdvFeaturizingTransformer(_host, _settings, loop.Run(input), ownsModel: true);
        }

        return new TdvFeaturizingTransformer(_host, _settings, _ownsModel ? _model!.Share() : _model!, _ownsModel);
    }

    /// <summary>Frames to validate on are in the columns that frames to learn from are in.</summary>
    private void CheckValidation(TdvOptions training)
    {
        if (training.Validation is { } validation)
        {
            var faults = new Faults();
            ColumnCheck.Require(validation.Data.Schema, _settings.InputColumn, ColumnKind.Image, faults);
            ColumnCheck.Require(validation.Data.Schema, _settings.PreviousColumn, ColumnKind.Image, faults);
            faults.ThrowIfAny("TdvFeaturize cannot use these columns of Validation.Data:");
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        var faults = new Faults();
        ColumnCheck.Require(columns, _settings.InputColumn, ColumnKind.Image, faults);
        if (_training is not null || _settings.Outputs.Any(output => output.NeedsPrevious))
        {
            ColumnCheck.Require(columns, _settings.PreviousColumn, ColumnKind.Image, faults);
        }

        faults.ThrowIfAny("TdvFeaturize cannot use these columns:");
        foreach (var output in _settings.Outputs)
        {
            string name = _settings.ColumnOf(output)!;
            columns[name] = MLNetInternals.ShapeColumn(
                name,
                SchemaShape.Column.VectorKind.Vector,
                NumberDataViewType.Single
            );
        }

        return new SchemaShape(columns.Values);
    }
}
