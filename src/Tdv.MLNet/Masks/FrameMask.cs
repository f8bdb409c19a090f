namespace Tdv.MLNet;

/// <summary>The mask of one row of a video, for <c>AttachMasks</c>.</summary>
/// <param name="Path">A label picture, as large as the frame.</param>
/// <param name="Row">Rows of its video before it. Default: 0, the first.</param>
/// <param name="Video">The video, as its column names it. Null: the first video of the rows.</param>
public sealed record FrameMask(string Path, long Row = 0, string? Video = null);
