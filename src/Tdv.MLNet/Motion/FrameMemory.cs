namespace Tdv.MLNet.Motion;

/// <summary>
/// The frames that are looked up: the first that was given, the newest given later, and the last ones carried. Those that
/// leave are used again, so that memory does not grow with the video.
/// </summary>
internal sealed class FrameMemory(int corrections, int carried, Func<CarriedFrame> create)
{
    private readonly Queue<CarriedFrame> _corrections = new();
    private readonly Queue<CarriedFrame> _carried = new();
    private readonly Stack<CarriedFrame> _free = new();
    private CarriedFrame? _first;

    public bool IsEmpty => _first is null;

    /// <summary>Given frames first, then carried ones, each from old to new.</summary>
    public IReadOnlyList<CarriedFrame> Frames => _first is { } first ? [first, .. _corrections, .. _carried] : [];

    /// <summary>A frame to be written, then added or returned.</summary>
    public CarriedFrame Rent() => _free.TryPop(out var frame) ? frame : create();

    public void Return(CarriedFrame frame) => _free.Push(frame);

    /// <summary>Adds a frame with a given mask. What was carried before leaves.</summary>
    public void AddGiven(CarriedFrame frame)
    {
        Shrink(_carried, 0);
        if (_first is null)
        {
            _first = frame;
            return;
        }

        Shrink(_corrections, corrections - 1);
        _corrections.Enqueue(frame);
    }

    public void AddCarried(CarriedFrame frame)
    {
        if (carried == 0)
        {
            Return(frame);
            return;
        }

        Shrink(_carried, carried - 1);
        _carried.Enqueue(frame);
    }

    public void Clear()
    {
        Shrink(_carried, 0);
        Shrink(_corrections, 0);
        if (_first is { } first)
        {
            Return(first);
            _first = null;
        }
    }

    private void Shrink(Queue<CarriedFrame> frames, int count)
    {
        while (frames.Count > count)
        {
            Return(frames.Dequeue());
        }
    }
}
