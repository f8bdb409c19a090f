namespace Tdv.MLNet.Video;

/// <summary>Every frame is a row; its predecessor is the nearest frame one interval earlier, never itself but for the first.</summary>
internal sealed class EveryFrameSelector(double frameInterval) : FrameSelector
{
    private readonly Queue<double> _times = new();
    private long _count;

    /// <summary>The frame that the latest row was paired with: later rows need none before it.</summary>
    public override long OldestNeeded => _count - _times.Count;

    public override FrameUse Add(double time)
    {
        _times.Enqueue(time);
        _count++;
        double wanted = time - frameInterval;
        while (_times.Count > 2 && !IsEarlierNearer(_times.Peek(), _times.ElementAt(1), wanted))
        {
            _times.Dequeue();
        }
        Emit(new FramePair(OldestNeeded, _count - 1, time));
        return new FrameUse(KeepLast: false, Retrieve: true, Keep: true);
    }
}
