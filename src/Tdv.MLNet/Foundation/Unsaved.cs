using System.Diagnostics;

namespace Tdv.MLNet.Foundation;

/// <summary>Work that a process which is told to end waits for, because something would be lost.</summary>
internal static class Unsaved
{
    private static readonly object Lock = new();
    private static int _count;

    /// <summary>Whether there is some.</summary>
    public static bool Any
    {
        get
        {
            lock (Lock)
            {
                return _count > 0;
            }
        }
    }

    /// <summary>What was saved last because the work was to end, in words; null: nothing.</summary>
    public static string? Saved { get; set; }

    /// <summary>Begins; over when disposed.</summary>
    public static IDisposable Begin()
    {
        lock (Lock)
        {
            _count++;
        }

        return new Work();
    }

    /// <summary>Waits until there is none.</summary>
    /// <returns>False if there still is some after that time.</returns>
    public static bool WaitForAll(TimeSpan most)
    {
        var clock = Stopwatch.StartNew();
        lock (Lock)
        {
            while (_count > 0)
            {
                var left = most - clock.Elapsed;
                if (left <= TimeSpan.Zero || !Monitor.Wait(Lock, left))
                {
                    return _count == 0;
                }
            }

            return true;
        }
    }

    private sealed class Work : IDisposable
    {
        private int _over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                lock (Lock)
                {
                    _count--;
                    Monitor.PulseAll(Lock);
                }
            }
        }
    }
}
