using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Interop;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// Turns frames into a grid of features with a TDV network. Made with <see cref="TdvOptions"/>, <see cref="Fit"/>
/// first trains the network on rows that have a frame and its predecessor; made with a <see cref="TdvModel"/>, it
/// trains nothing.
/// </summary>
public sealed class TdvFeaturizingEstimator : IEstimator<TdvTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumn;
    private readonly string _inputColumn;
    private readonly TdvOptions? _training;
    private readonly TdvModel? _model;
    private readonly FeatureSettings _settings;

    internal TdvFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumn,
        string inputColumn,
        TdvOptions options
    )
        : this(environment, outputColumn, inputColumn)
    {
        _training = options;
        _settings = FeatureSettings.From(options.Features, outputColumn, inputColumn, Recipe.From(options).Network);
    }

    internal TdvFeaturizingEstimator(
        IHostEnvironment environment,
        string outputColumn,
        string inputColumn,
        TdvModel model,
        TdvFeatureOptions? features
    )
        : this(environment, outputColumn, inputColumn)
    {
        _model = model;
        _settings = FeatureSettings.From(features ?? new(), outputColumn, inputColumn, model.Options);
    }

    private TdvFeaturizingEstimator(IHostEnvironment environment, string outputColumn, string inputColumn)
    {
        _host = environment.Register(nameof(TdvFeaturizingEstimator));
        _outputColumn = outputColumn;
        _inputColumn = inputColumn;
        _settings = null!;
    }

    /// <summary>Trains the network if it is not trained yet.</summary>
    /// <param name="input">Rows with the input image and, for training, its predecessor.</param>
    /// <exception cref="ArgumentException">A column is missing or is no image.</exception>
    /// <exception cref="InvalidOperationException">No frame pairs, or the training diverged.</exception>
    public TdvTransformer Fit(IDataView input)
    {
        GetOutputSchema(MLNetInternals.ShapeOf(input.Schema));
        return _training is null
            ? new TdvTransformer(_host, _settings, _model!, ownsModel: false)
            : new TdvTransformer(
                _host,
                _settings,
                new Pretraining(_host, _training, _inputColumn).Run(input),
                ownsModel: true
            );
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var columns = inputSchema.ToDictionary(column => column.Name);
        var faults = new Faults();
        RequireImage(columns, _inputColumn, faults);
        string previous = _training?.PreviousFrameColumnName ?? _settings.PreviousColumn;
        if (_training is not null || _settings.MotionColumn is not null)
        {
            RequireImage(columns, previous, faults);
        }

        faults.ThrowIfAny("The data do not fit TdvFeaturize:");
        foreach (
            string? name in new[]
            {
                _outputColumn,
                _settings.ClsColumn,
                _settings.MotionColumn,
                _settings.AttentionColumn,
            }
        )
        {
            if (name is not null)
            {
                columns[name] = MLNetInternals.ShapeColumn(
                    name,
                    SchemaShape.Column.VectorKind.Vector,
                    NumberDataViewType.Single
                );
            }
        }

        return new SchemaShape(columns.Values);
    }

    private static void RequireImage(Dictionary<string, SchemaShape.Column> columns, string name, Faults faults)
    {
        if (!columns.TryGetValue(name, out var column))
        {
            faults.Add(
                $"There is no column '{name}'; the columns are {string.Join(", ", columns.Keys.Select(key => $"'{key}'"))}."
            );
        }
        else if (column.ItemType is not ImageDataViewType)
        {
            faults.Add(
                $"Column '{name}' is of type {column.ItemType}, not an image; put LoadImages before TdvFeaturize."
            );
        }
    }
}
