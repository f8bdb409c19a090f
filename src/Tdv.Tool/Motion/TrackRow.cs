namespace Tdv.Tool.Motion;

/// <summary>What a method that knows no features says of a frame, in the columns that <c>TrackPoints</c> adds.</summary>
internal sealed class TrackRow
{
    public string Video { get; init; } = "";

    /// <summary><c>[points, 2]</c>.</summary>
    public float[] Tracks { get; init; } = [];

    /// <summary><c>[points]</c>.</summary>
    public bool[] Visible { get; init; } = [];
}
