using Microsoft.ML;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <content>ml.Transforms</content>
public static partial class TdvCatalog
{
    /// <summary>Pretrains a TDV network on rows that have a frame and its predecessor, then computes its features.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, layers·D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames. Null: that of <paramref name="outputColumnName"/>, which it replaces.</param>
    /// <param name="options">Preset, recipe, progress.</param>
    /// <param name="features">
    /// Image size, layers, further columns, and the name of the previous frame's column, for training too. Default: the
    /// last layer at the training size.
    /// </param>
    /// <exception cref="ArgumentException">Options out of range, all of them in one message.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        TdvOptions options,
        TdvFeatureOptions? features = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(outputColumnName);
        ArgumentNullException.ThrowIfNull(options);
        return new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, options, features);
    }

    /// <summary>Computes features with weights that are already there: fitting trains nothing.</summary>
    /// <inheritdoc cref="TdvFeaturize(TransformsCatalog, string, string?, TdvOptions, TdvFeatureOptions?)"/>
    /// <param name="model">The weights. They stay the caller's to dispose of, after every use of the transformer.</param>
    /// <param name="features">Image size, layers and further columns. Default: the last layer at the training size.</param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        TdvModel model,
        TdvFeatureOptions? features = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        return Featurize(catalog, outputColumnName, inputColumnName, model, features, ownsModel: false);
    }

    /// <summary>
    /// Computes features with weights from a file, as <see cref="TdvModel.Load(string, TdvLoadOptions?)"/> reads it. Each
    /// transformer has weights of its own and frees them when it is disposed.
    /// </summary>
    /// <inheritdoc cref="TdvFeaturize(TransformsCatalog, string, string?, TdvModel, TdvFeatureOptions?)"/>
    /// <param name="modelPath">The file with the weights.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        string modelPath,
        TdvFeatureOptions? features = null
    ) => Featurize(catalog, outputColumnName, inputColumnName, TdvModel.Load(modelPath), features, ownsModel: true);

    /// <summary>Computes features with weights from a stream, read to its end; the stream stays open.</summary>
    /// <inheritdoc cref="TdvFeaturize(TransformsCatalog, string, string?, string, TdvFeatureOptions?)"/>
    /// <param name="modelBytes">The weights, as a file has them.</param>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        Stream modelBytes,
        TdvFeatureOptions? features = null
    ) => Featurize(catalog, outputColumnName, inputColumnName, TdvModel.Load(modelBytes), features, ownsModel: true);

    /// <summary>
    /// Turns each clip that a row names into one vector, <c>Vector&lt;Single, parts·D&gt;</c>, so that any trainer tells
    /// clips apart: means and maxima, over the grid's cells and over time, of the motion Δz and of CLS. Reads the videos
    /// itself, a few frames at a time.
    /// </summary>
    /// <remarks>
    /// The weights are saved with the model. A clip that cannot be read ends the pass with an
    /// <see cref="InvalidDataException"/> that names it, unless <see cref="TdvSummaryOptions.MissingIfUnreadable"/> is set.
    /// Trainers run through the data several times: put <c>AppendCacheCheckpoint</c> behind this step.
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the vector.</param>
    /// <param name="inputColumnName">The text column of paths, of videos or of folders of numbered frames. Null: that of <paramref name="outputColumnName"/>, which it replaces.</param>
    /// <param name="model">The weights. They stay the caller's to dispose of, after every use of the transformer.</param>
    /// <param name="options">Parts, intervals, size. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Arguments or options are wrong: all faults are listed.</exception>
    public static TdvSummarizingEstimator TdvSummarize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        TdvModel model,
        TdvSummaryOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        return Summarize(catalog, outputColumnName, inputColumnName, model, options, ownsModel: false);
    }

    /// <summary>
    /// The same with weights from a file, as <see cref="TdvModel.Load(string, TdvLoadOptions?)"/> reads it. Each transformer
    /// has weights of its own and frees them when it is disposed.
    /// </summary>
    /// <inheritdoc cref="TdvSummarize(TransformsCatalog, string, string?, TdvModel, TdvSummaryOptions?)"/>
    /// <param name="modelPath">The file with the weights.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static TdvSummarizingEstimator TdvSummarize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        string modelPath,
        TdvSummaryOptions? options = null
    ) => Summarize(catalog, outputColumnName, inputColumnName, TdvModel.Load(modelPath), options, ownsModel: true);

    /// <summary>
    /// Finds out whether a network learned from video: how well it predicts the next frame's features, and whether its
    /// features keep apart what is different. Needs libtorch, as a training does.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="frames">Rows with a frame and its predecessor, best of videos that the training has not seen.</param>
    /// <param name="model">The network.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="previousFrameColumnName">The image column of their predecessors.</param>
    /// <param name="pairs">Frame pairs to look at, at most, chosen among all rows.</param>
    /// <exception cref="ArgumentException">A column is missing, or <paramref name="pairs"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">No frame pairs, or no libtorch.</exception>
    public static VideoMetrics EvaluateVideo(
        this TransformsCatalog catalog,
        IDataView frames,
        TdvModel model,
        string inputColumnName = "Frame",
        string previousFrameColumnName = "PreviousFrame",
        int pairs = 256
    )
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(model);
        var host = MLNetInternals.Environment(catalog).Register(nameof(EvaluateVideo));
        return new VideoEvaluation(host, model, pairs).Run(frames, inputColumnName, previousFrameColumnName);
    }

    private static TdvFeaturizingEstimator Featurize(
        TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        TdvModel model,
        TdvFeatureOptions? features,
        bool ownsModel
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(outputColumnName);
        return new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, model, features, ownsModel);
    }

    private static TdvSummarizingEstimator Summarize(
        TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        TdvModel model,
        TdvSummaryOptions? options,
        bool ownsModel
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(outputColumnName);
        return new(
            MLNetInternals.Environment(catalog),
            new(outputColumnName, inputColumnName ?? outputColumnName, options ?? new()),
            model,
            ownsModel
        );
    }
}
