namespace Tdv.MLNet.Evaluation;

/// <summary>The counts that one video's measures of tracking are made of.</summary>
internal sealed class TrackCount
{
    /// <summary>Height and width that TAP-Vid's thresholds are pixels of.</summary>
    public const double Side = 256;
    private readonly long[] _near = new long[TrackMetrics.Thresholds.Count];
    private readonly long[] _right = new long[TrackMetrics.Thresholds.Count];
    private readonly long[] _wrong = new long[TrackMetrics.Thresholds.Count];
    private long _all;
    private long _visible;
    private long _agreed;

    public bool IsEmpty => _all == 0;

    /// <summary>Whether it has a point that is seen; without one only visibility can be judged.</summary>
    public bool HasVisible => _visible > 0;

    public double OcclusionAccuracy => (double)_agreed / _all;

    public IEnumerable<double> PositionAccuracies => _near.Select(near => (double)near / _visible);

    public IEnumerable<double> Jaccards => _right.Zip(_wrong, (right, wrong) => (double)right / (_visible + wrong));

    /// <summary>Counts a point in a frame.</summary>
    /// <param name="dx">From the true to the found place, in pixels of a picture 256 wide.</param>
    /// <param name="dy">The same, in pixels of a picture 256 high.</param>
    /// <param name="visible">Whether it is seen in truth.</param>
    /// <param name="said">Whether it is said to be.</param>
    public void Add(double dx, double dy, bool visible, bool said)
    {
        _all++;
        _visible += visible ? 1 : 0;
        _agreed += visible == said ? 1 : 0;
        double distance = (dx * dx) + (dy * dy);
        for (int i = 0; i < _near.Length; i++)
        {
            // Not a number is near nothing.
            bool near = visible && distance < TrackMetrics.Thresholds[i] * TrackMetrics.Thresholds[i];
            _near[i] += near ? 1 : 0;
            _right[i] += near && said ? 1 : 0;
            _wrong[i] += !near && said ? 1 : 0;
        }
    }
}
