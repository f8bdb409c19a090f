using Microsoft.ML;
using Tdv.MLNet.Evaluation;

namespace Tdv.MLNet;

/// <content>ml.Regression: how good flow, disparity and tracks are</content>
public static partial class TdvCatalog
{
    /// <summary>
    /// Compares followed points with where they are in truth, by TAP-Vid's measures. A frame that the truth does not tell
    /// of is not judged.
    /// </summary>
    /// <param name="catalog">The regression catalog.</param>
    /// <param name="tracks">Rows with the columns that <c>TrackPoints</c> adds for the points of <see cref="TrackPoint.Queries"/>; read once.</param>
    /// <param name="truth">The tracks as they are, of all videos; see <see cref="TrackPoint.ReadFile"/>.</param>
    /// <param name="options">Names of columns and the size of pictures, as given to <c>TrackPoints</c>. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Options or columns are wrong, or a point is never seen: all faults are listed.</exception>
    /// <exception cref="InvalidOperationException">Videos or frames that the truth tells of are missing, or other points were followed.</exception>
    public static TrackMetrics EvaluateTracks(
        this RegressionCatalog catalog,
        IDataView tracks,
        IReadOnlyList<TrackPoint> truth,
        TrackingOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(tracks);
        ArgumentNullException.ThrowIfNull(truth);
        return new TrackEvaluator(truth, options ?? new()).Run(tracks);
    }

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
