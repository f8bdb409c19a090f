using Microsoft.ML;
using Tdv.MLNet.Evaluation;

namespace Tdv.MLNet;

/// <content>ml.Regression</content>
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
}
