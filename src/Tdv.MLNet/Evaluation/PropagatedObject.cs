namespace Tdv.MLNet;

/// <summary>How well one object of a video was followed.</summary>
/// <param name="Video">The video.</param>
/// <param name="Name">The object's class.</param>
/// <param name="Region">J, the intersection over union of its masks.</param>
/// <param name="Boundary">F, precision and recall of its boundary as one number.</param>
/// <param name="FrameCount">The frames that were measured.</param>
public sealed record PropagatedObject(
    string Video,
    string Name,
    PropagationStatistics Region,
    PropagationStatistics Boundary,
    int FrameCount
)
{
    /// <summary>J&amp;F: the mean of both means.</summary>
    public double RegionAndBoundary => (Region.Mean + Boundary.Mean) / 2;
}
