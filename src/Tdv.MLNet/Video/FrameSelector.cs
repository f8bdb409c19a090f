namespace Tdv.MLNet.Video;

/// <summary>
/// Chooses, from nothing but the frames' times in ascending order, the frames that form rows. Pure arithmetic, so that
/// any frame rate, also a changing one, can be tested without a video.
/// </summary>
internal abstract class FrameSelector
{
    /// <summary>
    /// Distances that differ by less than this many seconds are equal, and the earlier frame is taken: time stamps are
    /// often rounded to milliseconds, and pairs should not alternate for that.
    /// </summary>
    public const double Tolerance = 0.001;

    private readonly Queue<FramePair> _ready = new();

    /// <summary>Takes the time in seconds of the next frame, greater than the one before.</summary>
    public abstract FrameUse Add(double time);

    /// <summary>The number of the oldest frame that a later row may still use.</summary>
    public abstract long OldestNeeded { get; }

    /// <summary>The next complete row, if there is one. Its frames are among the kept ones.</summary>
    public bool TryTake(out FramePair pair) => _ready.TryDequeue(out pair);

    protected void Emit(FramePair pair) => _ready.Enqueue(pair);

    /// <summary>True if the earlier of two frames around <paramref name="wanted"/> is the nearer one.</summary>
    protected static bool IsEarlierNearer(double earlier, double later, double wanted) =>
        wanted - earlier <= later - wanted + Tolerance;
}
