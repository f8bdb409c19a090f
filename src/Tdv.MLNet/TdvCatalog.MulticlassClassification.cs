using Microsoft.ML;
using Microsoft.ML.Trainers;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <content>ml.MulticlassClassification</content>
public static partial class TdvCatalog
{
    private static readonly PixelWiseOptions PixelWiseDefaults = new();

    /// <summary>Semantic segmentation: trains a multiclass trainer on the pixels of labeled images, with the defaults of <see cref="PixelWiseOptions"/>.</summary>
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

    /// <summary>Semantic segmentation: trains a multiclass trainer on the pixels of labeled images.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="trainer">Any multiclass trainer with the columns "Label" (key) and "Features".</param>
    /// <param name="options">Columns, sampling, whitening.</param>
    /// <exception cref="ArgumentException">Options are wrong: all faults are listed.</exception>
    public static PixelWiseTrainer PixelWise(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        IEstimator<ITransformer> trainer,
        PixelWiseOptions options
    ) => new(MLNetInternals.Environment(catalog), trainer, options);

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
        return MaskConfusion.Evaluate(data, labelColumnName, predictedLabelColumnName);
    }

    /// <summary>
    /// Measures masks that were carried through videos, as the DAVIS 2017 toolkit does for the semi-supervised task: region
    /// J and boundary F of each object, then the mean over objects.
    /// </summary>
    /// <remarks>
    /// The class with the id 0 is background (the first class, where a column tells no ids); all others that the true mask of
    /// a video's first frame has are objects. The first and the last frame of a video are not measured. Pixels without a
    /// class, true or carried, are no object's. An object in neither mask is right, in one only wrong.
    /// </remarks>
    /// <param name="catalog">The multiclass classification.</param>
    /// <param name="data">Rows in the order of their videos, with both masks.</param>
    /// <param name="labelColumnName">The true masks, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>, one for every frame.</param>
    /// <param name="predictedColumnName">The carried masks, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>.</param>
    /// <param name="videoColumnName">A text column; another text in it begins another video. Null: all rows are one video.</param>
    /// <param name="imageColumnName">The image whose size the masks have.</param>
    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">A mask has another size than its image.</exception>
    /// <exception cref="InvalidOperationException">No video has three frames and an object.</exception>
    public static PropagationMetrics EvaluatePropagation(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Truth",
        string predictedColumnName = "PropagatedMask",
        string? videoColumnName = "Video",
        string imageColumnName = "Frame"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return PropagationScore.Evaluate(data, labelColumnName, predictedColumnName, videoColumnName, imageColumnName);
    }

    /// <summary>Semantic segmentation: a class for each pixel of a picture. Another name for <c>PixelWise</c>.</summary>
    /// <inheritdoc cref="PixelWise(MulticlassClassificationCatalog.MulticlassClassificationTrainers, IEstimator{ITransformer}, PixelWiseOptions)"/>
    /// <param name="options">Columns, sampling, whitening. Null: the defaults.</param>
    public static PixelWiseTrainer SemanticSegmentation(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        IEstimator<ITransformer> trainer,
        PixelWiseOptions? options = null
    ) => catalog.PixelWise(trainer, options ?? PixelWiseDefaults);

    /// <summary>Measures semantic segmentation, by mean IoU and more. Another name for <c>EvaluateMasks</c>.</summary>
    /// <inheritdoc cref="EvaluateMasks"/>
    public static MaskMetrics EvaluateSemanticSegmentation(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Mask",
        string predictedLabelColumnName = "PredictedLabel"
    ) => catalog.EvaluateMasks(data, labelColumnName, predictedLabelColumnName);

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
