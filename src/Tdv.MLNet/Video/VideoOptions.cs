namespace Tdv.MLNet;

/// <summary>How rows are taken from videos: which frames, how far apart, and how large.</summary>
public sealed record VideoOptions
{
    internal const double ShortestInterval = 0.001;

    /// <summary>
    /// Seconds between a frame and its predecessor, at least 0.001. Default: 0.25, the paper's. The nearest frames to
    /// the wanted times are taken; where two frames lie further apart than this, the pair is made of neighbors.
    /// </summary>
    public double FrameInterval { get; init; } = 0.25;

    /// <summary>
    /// Seconds between two rows, at least 0.001. Default: <see cref="FrameInterval"/>, so that each frame is the
    /// predecessor of the next row's. A shorter one gives overlapping pairs, a longer one skips footage.
    /// </summary>
    public double? RowInterval { get; init; }

    /// <summary>
    /// A row for every frame of the video. The predecessor is the nearest frame <see cref="FrameInterval"/> earlier;
    /// near the start of a video it is the first frame, which is its own predecessor. Excludes
    /// <see cref="RowInterval"/>. Default: false.
    /// </summary>
    public bool EveryFrame { get; init; }

    /// <summary>Rows of pixels of the images; frames are resized while decoding. Default: each video's own.</summary>
    public int? FrameHeight { get; init; }

    /// <summary>Pixels in a row of the images; given together with <see cref="FrameHeight"/>. Default: each video's own.</summary>
    public int? FrameWidth { get; init; }

    /// <summary>
    /// Frames per second of folders of numbered frames. The pictures follow one another in the order of their numbers,
    /// at this rate, whatever the numbers are. Default: 30.
    /// </summary>
    public double FrameFolderRate { get; init; } = 30;

    internal double RowDistance => RowInterval ?? FrameInterval;

    internal IEnumerable<string> Faults()
    {
        if (!(FrameInterval >= ShortestInterval && double.IsFinite(FrameInterval)))
        {
            yield return Fault(nameof(FrameInterval), FrameInterval, "at least 0.001 seconds");
        }
        if (RowInterval is { } row && !(row >= ShortestInterval && double.IsFinite(row)))
        {
            yield return Fault(nameof(RowInterval), row, "at least 0.001 seconds, or null");
        }
        if (RowInterval is not null && EveryFrame)
        {
            yield return $"{nameof(RowInterval)} and {nameof(EveryFrame)} exclude each other; give only one.";
        }
        if (FrameHeight is null != FrameWidth is null)
        {
            yield return $"{nameof(FrameHeight)} and {nameof(FrameWidth)} belong together; give both or neither.";
        }
        foreach (
            (string name, int? size) in new[] { (nameof(FrameHeight), FrameHeight), (nameof(FrameWidth), FrameWidth) }
        )
        {
            if (size is <= 0 or > 16384)
            {
                yield return Fault(name, size.Value, "from 1 to 16384 pixels");
            }
        }
        if (!(FrameFolderRate > 0 && FrameFolderRate <= 1000))
        {
            yield return Fault(nameof(FrameFolderRate), FrameFolderRate, "above 0 and at most 1000 frames per second");
        }
    }

    private static string Fault(string name, double found, string expected) =>
        FormattableString.Invariant($"{name} is {found}; it must be {expected}.");
}
