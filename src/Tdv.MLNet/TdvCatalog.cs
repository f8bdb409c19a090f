using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Video;

namespace Tdv.MLNet;

/// <summary>Everything that Tdv.MLNet adds to an <see cref="MLContext"/>'s catalogs.</summary>
public static class TdvCatalog
{
    /// <summary>
    /// Rows of a frame and its predecessor from videos: columns <c>Video</c> (text, the file or folder), <c>Time</c>
    /// (Single, the frame's time in seconds), <c>PreviousFrame</c> and <c>Frame</c> (<see cref="Microsoft.ML.Data.MLImage"/>,
    /// to be disposed of by whoever reads them).
    /// </summary>
    /// <remarks>
    /// <para>Frames are decoded anew in each pass, one after the other, and never a whole video held in memory. Row k of
    /// a video is the frame nearest to <c>FrameInterval + k·RowInterval</c> seconds after its first frame, and the frame
    /// nearest to <c>k·RowInterval</c>, by the frames' own times, so that any frame rate, also a varying one, gives the
    /// same distances. Where frames are rarer than the interval, neighbors form the pair.</para>
    /// <para>A shuffled pass covers all videos, mixes their rows and starts each at another time within the row
    /// interval; the same random numbers give the same rows. Ask for it with a random generator in <c>GetRowCursor</c>;
    /// <c>ml.Data.ShuffleRows</c> drops image columns.</para>
    /// <para>A video that is damaged, empty or too short among others is named in a warning through
    /// <see cref="MLContext.Log"/> and skipped, the readable part of one cut short is used, and the number skipped is
    /// reported at the end of each pass; if nothing at all could be read, the pass ends with an
    /// <see cref="InvalidOperationException"/>.</para>
    /// </remarks>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="pathOrGlob">
    /// A video file; a pattern such as <c>clips/*.mp4</c> or <c>clips/**/*.mp4</c>; a folder of videos; or a folder of
    /// numbered frames (png, jpg), which is one video.
    /// </param>
    /// <param name="options">Which frames, how far apart, how large. Default: pairs 0.25 s apart in the videos' own size.</param>
    /// <exception cref="ArgumentException">Something given does not exist, matches nothing or is out of range; all faults are listed.</exception>
    public static IDataView LoadFromVideos(
        this DataOperationsCatalog catalog,
        string pathOrGlob,
        VideoOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(pathOrGlob);
        return catalog.LoadFromVideos([pathOrGlob], options);
    }

    /// <summary>Rows of a frame and its predecessor from several video files, patterns or folders.</summary>
    /// <inheritdoc cref="LoadFromVideos(DataOperationsCatalog, string, VideoOptions?)"/>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="pathsOrGlobs">Video files, patterns, folders of videos or folders of numbered frames; a video named twice is read once.</param>
    /// <param name="options">Which frames, how far apart, how large. Default: pairs 0.25 s apart in the videos' own size.</param>
    public static IDataView LoadFromVideos(
        this DataOperationsCatalog catalog,
        IEnumerable<string> pathsOrGlobs,
        VideoOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pathsOrGlobs);
        options ??= new VideoOptions();
        var paths = new VideoPaths(pathsOrGlobs);
        string[] faults = [.. options.Faults().Select(fault => $"VideoOptions.{fault}"), .. paths.Faults];
        if (faults.Length > 0)
        {
            throw new ArgumentException($"Videos cannot be loaded:\n- {string.Join("\n- ", faults)}");
        }
        VideoDecoder.EnsureLoaded();
        return new VideoFrames(MLNetInternals.Environment(catalog), paths.Videos, options);
    }

    /// <summary>Pretrains a TDV network on rows that have a frame and its predecessor, then computes its features.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="options">Preset, recipe, progress, features.</param>
    /// <exception cref="ArgumentException">Options out of range, all of them in one message.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        TdvOptions options
    ) => new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, options);

    /// <summary>Computes features with weights that are already there: fitting trains nothing.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, layers·D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="model">The weights. They stay the caller's to dispose of, after every use of the transformer.</param>
    /// <param name="features">Image size, layers and further columns. Default: the last layer at the training size.</param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        TdvModel model,
        TdvFeatureOptions? features = null
    ) => new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, model, features);

    /// <summary>Computes features with weights from a file, as <see cref="TdvModel.Load"/> reads it.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, layers·D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="modelPath">The file with the weights.</param>
    /// <param name="features">Image size, layers and further columns. Default: the last layer at the training size.</param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string modelPath,
        TdvFeatureOptions? features = null
    ) => catalog.TdvFeaturize(outputColumnName, inputColumnName, TdvModel.Load(modelPath), features);

    /// <summary>
    /// Describes the colors of a picture cell by cell, without any network, as
    /// <c>Vector&lt;Single, gridHeight, gridWidth, 44&gt;</c>: means and standard deviations of red, green and blue, the
    /// position, and the products of any two of these. A baseline that features of a network should beat, and a help beside
    /// them: networks see little of color.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The feature column to add.</param>
    /// <param name="inputColumnName">The image column.</param>
    /// <param name="gridHeight">Cells from top to bottom, 1 or more.</param>
    /// <param name="gridWidth">Cells from left to right, 1 or more.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static ColorFeaturizingEstimator ColorFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        int gridHeight,
        int gridWidth
    ) => new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, gridHeight, gridWidth);

    private static readonly PixelWiseOptions PixelWiseDefaults = new();

    /// <summary>
    /// Loads masks from 8-bit gray label pictures, whose pixel values are class ids, as a column
    /// <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c> of variable length, row-major height × width.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The mask column to add.</param>
    /// <param name="folder">The folder relative paths are resolved against; empty for paths as they are.</param>
    /// <param name="inputColumnName">The text column with the masks' paths.</param>
    /// <param name="classes">The classes; see <see cref="MaskClass.ReadFile"/>.</param>
    /// <param name="imageColumnName">An image column: a mask of another size than its image is an error. Null: no check.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static MaskLoadingEstimator LoadMasks(
        this TransformsCatalog catalog,
        string outputColumnName,
        string folder,
        string inputColumnName,
        IReadOnlyList<MaskClass> classes,
        string? imageColumnName = null
    ) => new(MLNetInternals.Environment(catalog), outputColumnName, folder, inputColumnName, classes, imageColumnName);

    /// <summary>Trains a multiclass trainer on the pixels of labeled images, with the defaults of <see cref="PixelWiseOptions"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="trainer">Any multiclass trainer with the columns "Label" (key) and "Features".</param>
    /// <param name="labelColumnName">The mask column, <c>Vector&lt;Key&gt;</c>, row-major height × width.</param>
    /// <param name="featureColumnName">The feature column, <c>Vector&lt;Single, gridHeight, gridWidth, D&gt;</c>.</param>
    /// <param name="samplesPerImage">Pixels taken of each image at most.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static PixelWiseTrainer PixelWise(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        IEstimator<ITransformer> trainer,
        string labelColumnName = "Mask",
        string featureColumnName = "Features",
        int samplesPerImage = 2000
    ) =>
        catalog.PixelWise(
            trainer,
            PixelWiseDefaults with
            {
                LabelColumnName = labelColumnName,
                FeatureColumnNames = [featureColumnName],
                SamplesPerImage = samplesPerImage,
            }
        );

    /// <summary>Trains a multiclass trainer on the pixels of labeled images.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="trainer">Any multiclass trainer with the columns "Label" (key) and "Features".</param>
    /// <param name="options">Columns, sampling, whitening.</param>
    /// <exception cref="ArgumentException">Options are wrong: all faults are listed.</exception>
    public static PixelWiseTrainer PixelWise(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        IEstimator<ITransformer> trainer,
        PixelWiseOptions options
    ) => new(MLNetInternals.Environment(catalog), trainer, options);

    /// <summary>
    /// Makes many pixel rows of each image row, "Features" (<c>Vector&lt;Single, D&gt;</c>, interpolated bilinearly at the
    /// pixel) and "Label" (<c>Key</c>): the pixels that <c>PixelWise</c> would train on, not whitened. Lazy, and the same
    /// in every pass.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="input">Image rows with features and masks.</param>
    /// <param name="options">Columns and sampling. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Options or columns are wrong: all faults are listed.</exception>
    public static IDataView ExpandPixels(
        this DataOperationsCatalog catalog,
        IDataView input,
        PixelExpansionOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new();
        var faults = new Faults();
        options.Check(faults);
        faults.ThrowIfAny("ExpandPixels cannot work with these options:");
        var seed = options.Seed ?? MLNetInternals.Seed(MLNetInternals.Environment(catalog)) ?? 0;
        return new PixelExpansionView(input, options, seed, "ExpandPixels cannot use these columns:");
    }

    /// <summary>Compares predicted masks with true ones, as a stream. Pixels without a true class are not counted.</summary>
    /// <param name="catalog">The multiclass classification.</param>
    /// <param name="data">Rows with both masks, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>.</param>
    /// <param name="labelColumnName">The true masks.</param>
    /// <param name="predictedLabelColumnName">The predicted masks.</param>
    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">A prediction has another size than its mask, or no class where one counts.</exception>
    /// <exception cref="InvalidOperationException">No pixel has a class.</exception>
    public static MaskMetrics EvaluateMasks(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Mask",
        string predictedLabelColumnName = "PredictedLabel"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return MaskEvaluation.Evaluate(data, labelColumnName, predictedLabelColumnName);
    }

    /// <summary>
    /// Finds out what frozen features know of pixels: a linear probe is trained on some of the pixels of labeled images,
    /// the same pixels vote as nearest neighbors, and both paint the test images. Nothing but these figures is kept; to
    /// keep the classifier, use <c>PixelWise</c>.
    /// </summary>
    /// <param name="catalog">The multiclass classification.</param>
    /// <param name="train">Rows with features, masks and images; read once.</param>
    /// <param name="test">Rows of the same columns that the training has not seen; read once.</param>
    /// <param name="options">Columns, sampling, probe, neighbors. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Options or columns are wrong: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">A mask has another size than its image, or a feature is not finite.</exception>
    /// <exception cref="InvalidOperationException">Fewer than two classes to train on, or no pixel to test on.</exception>
    public static FeatureMetrics EvaluateFeatures(
        this MulticlassClassificationCatalog catalog,
        IDataView train,
        IDataView test,
        FeatureEvaluationOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        options ??= new FeatureEvaluationOptions();
        options.Validate();
        var trainer = options.Trainer ?? catalog.Trainers.LbfgsMaximumEntropy(LinearProbe());
        return new FeatureEvaluator(MLNetInternals.Environment(catalog), trainer, options).Run(train, test);
    }

    /// <summary>
    /// Classifies whole vectors, such as the CLS features of pictures, by the training rows most similar to them (cosine;
    /// a vote counts exp(similarity / temperature)), as self-supervised models are usually compared. Rows without a class
    /// are left out.
    /// </summary>
    /// <param name="catalog">The multiclass classification.</param>
    /// <param name="train">Rows with a class and a vector; read once and kept in memory.</param>
    /// <param name="test">Rows of the same columns; read once.</param>
    /// <param name="labelColumnName">The class, <c>Key&lt;UInt32&gt;</c>.</param>
    /// <param name="featureColumnName">The vector, <c>Vector&lt;Single, D&gt;</c>, as <c>ClsColumnName</c> gives it.</param>
    /// <param name="neighbors">How many neighbors vote; a result for each. Default: 10 and 20.</param>
    /// <param name="temperature">Of the votes.</param>
    /// <exception cref="ArgumentException">Arguments or columns are wrong: all faults are listed.</exception>
    /// <exception cref="InvalidOperationException">No row has a class.</exception>
    public static IReadOnlyList<NeighborMetrics> EvaluateNeighbors(
        this MulticlassClassificationCatalog catalog,
        IDataView train,
        IDataView test,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        IReadOnlyList<int>? neighbors = null,
        double temperature = 0.07
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        return new NeighborClassification(labelColumnName, featureColumnName).Run(
            train,
            test,
            neighbors ?? [10, 20],
            temperature
        );
    }

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
    public static VideoMetrics TdvEvaluate(
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
        var host = MLNetInternals.Environment(catalog).Register(nameof(TdvEvaluate));
        return new VideoEvaluation(host, model, pairs).Run(frames, inputColumnName, previousFrameColumnName);
    }

    /// <summary>More passes than it should need: it is to stop because it has converged.</summary>
    private static LbfgsMaximumEntropyMulticlassTrainer.Options LinearProbe() =>
        new()
        {
            L1Regularization = 0,
            L2Regularization = 30,
            OptimizationTolerance = 1e-7f,
            MaximumNumberOfIterations = 300,
        };
}
