namespace Tdv.MLNet.Motion;

/// <summary>A point that is being followed.</summary>
/// <param name="Index">Among all points.</param>
/// <param name="Feature">Of its query, <c>[depth]</c>, of length 1.</param>
/// <param name="Origin">The frame of its query; points of one frame share it.</param>
/// <param name="Start">Where it was in that frame.</param>
/// <param name="Bias">What the search misses it by in that frame, where its place is known: it misses it likewise in others.</param>
internal sealed record TrackedPoint(int Index, float[] Feature, FeatureGrid Origin, GridPoint Start, GridPoint Bias)
{
    public GridPoint Place { get; set; } = Start;

    public bool IsVisible { get; set; } = true;
}
