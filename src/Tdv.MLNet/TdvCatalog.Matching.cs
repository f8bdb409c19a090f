using Microsoft.ML;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <content>Flow and disparity: ml.Transforms and ml.Regression</content>
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
    /// Compares estimated flow with the truth, as a stream. Both are in pixels of the truth; an estimate on a grid is
    /// stretched bilinearly to the truth's size. Pixels whose true flow is not finite are not known, and not counted.
    /// </summary>
    /// <param name="catalog">The regression.</param>
    /// <param name="data">Rows with both, <c>Vector&lt;Single, rows, columns, 2&gt;</c>: to the right, down.</param>
    /// <param name="labelColumnName">The true flow; see <see cref="FlowField.ToVector"/>.</param>
    /// <param name="flowColumnName">The estimated flow.</param>
    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">An estimate is missing where the truth is known.</exception>
    /// <exception cref="InvalidOperationException">No pixel's true flow is known.</exception>
    public static FlowMetrics EvaluateFlow(
        this RegressionCatalog catalog,
        IDataView data,
        string labelColumnName = "TrueFlow",
        string flowColumnName = "Flow"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return MotionEvaluation.EvaluateFlow(data, labelColumnName, flowColumnName);
    }

    /// <summary>
    /// Compares estimated disparity with the truth, as a stream. Both are in pixels of the truth; an estimate on a grid is
    /// stretched bilinearly to the truth's size. Pixels whose true disparity is not finite are not known, and not counted.
    /// </summary>
    /// <param name="catalog">The regression.</param>
    /// <param name="data">Rows with both, <c>Vector&lt;Single, rows, columns&gt;</c>.</param>
    /// <param name="labelColumnName">The true disparity; see <see cref="DisparityMap.Values"/>.</param>
    /// <param name="disparityColumnName">The estimated disparity.</param>
    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">An estimate is missing where the truth is known.</exception>
    /// <exception cref="InvalidOperationException">No pixel's true disparity is known.</exception>
    public static DisparityMetrics EvaluateDisparity(
        this RegressionCatalog catalog,
        IDataView data,
        string labelColumnName = "TrueDisparity",
        string disparityColumnName = "Disparity"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return MotionEvaluation.EvaluateDisparity(data, labelColumnName, disparityColumnName);
    }
}
