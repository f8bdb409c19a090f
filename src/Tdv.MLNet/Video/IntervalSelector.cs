namespace Tdv.MLNet.Video;

/// <summary>
/// Rows at even distances in time. Row k wants its predecessor at <c>start + phase + k·rowInterval</c> and its frame
/// <c>frameInterval</c> later, where <c>start</c> is the first frame's time, up to the last frame's time; the frame
/// nearest to each wanted time is taken. If both fall on the same frame, because frames are rarer than the interval,
/// the following frame takes the second place. A frame is the <c>Frame</c> of at most one row.
/// </summary>
/// <param name="frameInterval">Seconds between a frame and its predecessor.</param>
/// <param name="rowInterval">Seconds between rows.</param>
/// <param name="phase">Seconds after the video's start at which the first row begins.</param>
/// <param name="expectedGap">
/// Seconds between frames as announced. A frame is retrieved only within twice the largest gap before a wanted time;
/// where a gap is larger than twice all before it, the frame after the gap stands in for the one before.
/// </param>
internal sealed class IntervalSelector(double frameInterval, double rowInterval, double phase, double expectedGap)
    : FrameSelector
{
    private readonly Queue<long> _predecessors = new();
    private double _start;
    private double _lastTime;
    private double _largestGap = expectedGap;
    private long _count;
    private long _predecessorsChosen;
    private long _framesChosen;
    private bool _lastRetrieved;
    private long _waitingPredecessor = -1;
    private long _lastFrame = -1;
    private bool _keepLast;
    private bool _keep;

    public override long OldestNeeded
    {
        get
        {
            long oldest = _predecessors.TryPeek(out long first) ? first : _count - 1;
            return _waitingPredecessor < 0 ? oldest : Math.Min(oldest, _waitingPredecessor);
        }
    }

    public override FrameUse Add(double time)
    {
        _start = _count == 0 ? time : _start;
        _largestGap = _count == 0 ? _largestGap : Math.Max(_largestGap, time - _lastTime);
        _count++;
        _keepLast = _keep = false;
        CompleteWaitingRow(time);
        while (Math.Min(NextPredecessor, NextFrame) <= time + Tolerance)
        {
            ChooseNext(time);
        }
        bool mayBeNeeded = Math.Min(NextPredecessor, NextFrame) - time <= 2 * _largestGap;
        _lastRetrieved = _keep || mayBeNeeded;
        _lastTime = time;
        return new FrameUse(_keepLast, _lastRetrieved, _keep);
    }

    private double NextPredecessor => _start + phase + (_predecessorsChosen * rowInterval);

    private double NextFrame => _start + phase + frameInterval + (_framesChosen * rowInterval);

    private void ChooseNext(double time)
    {
        if (NextPredecessor <= NextFrame)
        {
            _predecessors.Enqueue(Nearest(time, NextPredecessor));
            _predecessorsChosen++;
            return;
        }
        long frame = Nearest(time, NextFrame);
        long predecessor = _predecessors.Dequeue();
        _framesChosen++;
        if (predecessor < frame)
        {
            EmitOnce(new FramePair(predecessor, frame, frame == _count - 1 ? time : _lastTime));
        }
        else if (frame == _count - 1)
        {
            _waitingPredecessor = predecessor;
        }
        else
        {
            _keep = true;
            EmitOnce(new FramePair(predecessor, _count - 1, time));
        }
    }

    private void CompleteWaitingRow(double time)
    {
        if (_waitingPredecessor >= 0)
        {
            _keep = true;
            EmitOnce(new FramePair(_waitingPredecessor, _count - 1, time));
            _waitingPredecessor = -1;
        }
    }

    private void EmitOnce(FramePair pair)
    {
        if (pair.Frame > _lastFrame)
        {
            _lastFrame = pair.Frame;
            Emit(pair);
        }
    }

    private long Nearest(double time, double wanted)
    {
        bool last = _lastRetrieved && IsEarlierNearer(_lastTime, time, wanted);
        _keepLast |= last;
        _keep |= !last;
        return last ? _count - 2 : _count - 1;
    }
}
