namespace Tdv.Tool.Motion;

/// <summary>A sequence of DAVIS: frames and as many masks.</summary>
internal sealed record DavisSequence(string Name, IReadOnlyList<string> Frames, IReadOnlyList<string> Masks)
{
    /// <summary>The frames as rows; only the first one's mask is given.</summary>
    public IEnumerable<DavisFrame> Rows() =>
        Frames.Select(
            (frame, i) =>
                new DavisFrame
                {
                    Video = Name,
                    Path = frame,
                    MaskPath = i == 0 ? Masks[0] : "",
                    TruthPath = Masks[i],
                }
        );
}
