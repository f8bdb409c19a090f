namespace Tdv.MLNet;

/// <summary>A point to follow through a video.</summary>
/// <param name="Frame">The frame that it is given in: the number of the row within its video, from 0.</param>
/// <param name="X">Pixels from the frame's left edge, from 0 to its width: the first pixel's middle is 0.5, as in TAP-Vid.</param>
/// <param name="Y">Pixels from the frame's upper edge, as <paramref name="X"/>.</param>
/// <param name="Video">The video, as the video column has it. Null: the only one.</param>
public sealed record TrackQuery(int Frame, float X, float Y, string? Video = null);
