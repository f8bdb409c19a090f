using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Interop;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet;

/// <summary>Masks.</summary>
public static partial class TdvCatalog
{
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
}
