using Microsoft.ML;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <content>ml.Transforms: flow and disparity</content>
public static partial class TdvCatalog
{
    /// <summary>
    /// Finds optical flow by comparing features, as <c>Vector&lt;Single, rows, columns, 2&gt;</c>: for each cell of a frame
    /// how far to the right and how far down it is in the next one, where the cosine of their features is highest.
    /// </summary>
    /// <remarks>
    /// Flow is in cells unless <see cref="FlowEstimationOptions.CellWidth"/> and <see cref="FlowEstimationOptions.CellHeight"/>
    /// say how many pixels they have. Nothing is trained; the features decide.
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the flow.</param>
    /// <param name="fromFeatureColumnName">Features of the first frame, <c>Vector&lt;Single, rows, columns, D&gt;</c>.</param>
    /// <param name="toFeatureColumnName">Features of the next frame, of the same network at the same size.</param>
    /// <param name="options">How far, how finely. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static CellMatchingEstimator EstimateFlow(
        this TransformsCatalog catalog,
        string outputColumnName,
        string fromFeatureColumnName,
        string toFeatureColumnName,
        FlowEstimationOptions? options = null
    ) =>
        new(
            MLNetInternals.Environment(catalog),
            MatchSettings.Of(outputColumnName, fromFeatureColumnName, toFeatureColumnName, options ?? new())
        );

    /// <summary>
    /// Finds disparity by comparing features along rows, as <c>Vector&lt;Single, rows, columns&gt;</c>: for each cell of the
    /// left picture of a rectified pair how far to the left it is in the right one, where the cosine of their features is
    /// highest.
    /// </summary>
    /// <remarks>
    /// Disparity is in cells unless <see cref="DisparityEstimationOptions.CellWidth"/> says how many pixels they have. Nothing
    /// is trained; the features decide.
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the disparity.</param>
    /// <param name="leftFeatureColumnName">Features of the left picture, <c>Vector&lt;Single, rows, columns, D&gt;</c>.</param>
    /// <param name="rightFeatureColumnName">Features of the right picture, of the same network at the same size.</param>
    /// <param name="options">How far, how finely. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static CellMatchingEstimator EstimateDisparity(
        this TransformsCatalog catalog,
        string outputColumnName,
        string leftFeatureColumnName,
        string rightFeatureColumnName,
        DisparityEstimationOptions? options = null
    ) =>
        new(
            MLNetInternals.Environment(catalog),
            MatchSettings.Of(outputColumnName, leftFeatureColumnName, rightFeatureColumnName, options ?? new())
        );

    /// <summary>
    /// Learns to read optical flow from features, by a small convolutional network, as <c>Vector&lt;Single, gridHeight,
    /// gridWidth, 2&gt;</c>: how far each cell of the previous frame moves to the right and down, in pixels. It tells what features
    /// know of motion, above all the encoded motion of <see cref="TdvFeatureOptions.MotionColumnName"/>; <c>MakeMovingPairs</c>
    /// gives rows to learn from.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the flow.</param>
    /// <param name="inputColumnName">The feature column, <c>Vector&lt;Single, gridHeight, gridWidth, D&gt;</c>.</param>
    /// <param name="labelColumnName">The true flow, <c>Vector&lt;Single, gridHeight, gridWidth, 2&gt;</c>, NaN where it is not known.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static FlowReadingEstimator ReadFlow(
        this TransformsCatalog catalog,
        string outputColumnName = "PredictedFlow",
        string inputColumnName = "Motion",
        string labelColumnName = "Flow"
    ) =>
        catalog.ReadFlow(
            outputColumnName,
            new FlowReadingOptions { FeatureColumnNames = [inputColumnName], LabelColumnName = labelColumnName }
        );

    /// <summary>Learns to read optical flow from one or several feature columns, by a small convolutional network.</summary>
    /// <inheritdoc cref="ReadFlow(TransformsCatalog, string, string, string)"/>
    /// <param name="options">Columns, and how it is trained.</param>
    public static FlowReadingEstimator ReadFlow(
        this TransformsCatalog catalog,
        string outputColumnName,
        FlowReadingOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(MLNetInternals.Environment(catalog), outputColumnName, options);
    }
}
