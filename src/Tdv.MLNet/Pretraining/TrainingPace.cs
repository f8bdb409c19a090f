using System.Diagnostics;

namespace Tdv.MLNet.Pretraining;

/// <summary>How fast a training goes, and how long it still takes.</summary>
/// <param name="before">Time that was spent before a resumption.</param>
internal sealed class TrainingPace(TimeSpan before, int pairsPerStep)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<TimeSpan> _recent = new();

    /// <summary>Time spent training, over all starts.</summary>
    public TimeSpan Elapsed => before + _clock.Elapsed;

    /// <summary>Over the last seconds.</summary>
    public double PairsPerSecond { get; private set; }

    /// <summary>Notes that a step is done.</summary>
    public void Step()
    {
        var now = _clock.Elapsed;
        _recent.Enqueue(now);
        while (_recent.Count > 2 && now - _recent.Peek() > Window)
        {
            _recent.Dequeue();
        }

        PairsPerSecond =
            _recent.Count > 1
                ? (_recent.Count - 1) * pairsPerStep / (now - _recent.Peek()).TotalSeconds
                : pairsPerStep / now.TotalSeconds;
    }

    public TimeSpan Remaining(long steps) => TimeSpan.FromSeconds(steps * pairsPerStep / PairsPerSecond);
}
