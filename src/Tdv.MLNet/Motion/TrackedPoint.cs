namespace Tdv.MLNet.Motion;

/// <summary>A point that is being followed.</summary>
/// <param name="Index">Among all points.</param>
/// <param name="Feature">Of its query, <c>[depth]</c>, of length 1.</param>
/// <param name="Origin">The frame of its query; points of one frame share it.</param>
/// <param name="Start">Where it was in that frame.</param>
internal sealed record TrackedPoint(int Index, float[] Feature, FeatureGrid Origin, GridPoint Start)
{
    public GridPoint Place { get; set; } = Start;

    /// <summary>Cells that it moved in the last frame in which it was seen moving.</summary>
    public GridPoint Velocity { get; set; }

    public bool IsVisible { get; set; } = true;
}
