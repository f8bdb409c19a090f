namespace Tdv.MLNet.Motion;

/// <summary>
/// Follows the points of one video: each is sought around its last place by the feature of its query, and counts as seen
/// if the found place looks alike and leads back to the query. What is kept are the points, and the frame of each query.
/// </summary>
/// <param name="options">Checked.</param>
/// <param name="grid">The frames' features: written over from frame to frame by the caller.</param>
internal sealed class PointTracker(TrackingOptions options, FeatureGrid grid)
{
    private readonly PointSearch _search = new(options.SearchRadius, options.Temperature, options.DistancePenalty);
    private readonly float[] _found = new float[grid.Depth];
    private readonly List<TrackedPoint> _points = [];

    public IReadOnlyList<TrackedPoint> Points => _points;

    /// <summary>Begins to follow points of the current frame.</summary>
    /// <param name="queries">Their indices, and where they are.</param>
    public void Add(IReadOnlyCollection<(int Index, GridPoint Place)> queries)
    {
        if (queries.Count == 0)
        {
            return;
        }

        var origin = new FeatureGrid(grid.Rows, grid.Columns, grid.Depth);
        origin.CopyFrom(grid);
        foreach (var (index, place) in queries)
        {
            float[] feature = new float[grid.Depth];
            PointSearch.Sample(origin, place, feature);
            var bias = place - _search.Find(feature, origin, place).Place;
            _points.Add(new TrackedPoint(index, feature, origin, place, bias));
        }
    }

    /// <summary>Finds all points in the next frame, which the grid now holds.</summary>
    public void Follow()
    {
        foreach (var point in _points)
        {
            Follow(point);
        }
    }

    private void Follow(TrackedPoint point)
    {
        var (found, cosine) = _search.Find(point.Feature, grid, point.Place);
        var place = found + point.Bias;
        PointSearch.Sample(grid, place, _found);
        var back = _search.Find(_found, point.Origin, point.Start).Place + point.Bias;
        point.IsVisible = cosine >= options.LeastCosine && (back - point.Start).Length <= options.MaxCycleDistance;
        if (point.IsVisible)
        {
            point.Place = place;
        }
    }
}
