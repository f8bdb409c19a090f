using System.Collections;
using System.Threading.Channels;

namespace Tdv.MLNet.Foundation;

/// <summary>
/// A sequence whose items are made on a thread of their own while earlier ones are used, in order. An exception of the
/// source reaches the consumer after the items before it. Who waits for an item when the work is to end
/// (<see cref="AmbientStop"/>) waits no longer.
/// </summary>
/// <param name="source">Enumerated and disposed of on the thread, once per enumerator.</param>
/// <param name="count">The most items that there are beyond the one in use, the one being made included.</param>
internal sealed class ReadAhead<T>(IEnumerable<T> source, int count) : IEnumerable<T>
{
    /// <summary>Begins to read.</summary>
    public IEnumerator<T> GetEnumerator() => new Enumerator(source, count);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator : IEnumerator<T>
    {
        // Whoever waits is woken by the thread that writes: the thread pool may be full of those who wait. A bounded
        // channel resumes its writers on the pool, hence the semaphore.
        private readonly Channel<T> _ready = Channel.CreateUnbounded<T>(
            new()
            {
                SingleReader = true,
                SingleWriter = true,
                AllowSynchronousContinuations = true,
            }
        );
        private static readonly TimeSpan LongestLast = TimeSpan.FromSeconds(1);
        private readonly SemaphoreSlim _room;
        private readonly Thread _thread;
        private readonly CancellationToken _stop = AmbientStop.Token;
        private volatile bool _disposed;

        public Enumerator(IEnumerable<T> source, int count)
        {
            _room = new SemaphoreSlim(count);
            _thread = new Thread(() => Fill(source)) { IsBackground = true, Name = nameof(ReadAhead<T>) };
            _thread.Start();
        }

        public T Current { get; private set; } = default!;

        object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var some = _ready.Reader.WaitToReadAsync(_stop).AsTask();
            if (!some.GetAwaiter().GetResult() || !_ready.Reader.TryRead(out var item))
            {
                return false;
            }

            Current = item;
            _room.Release();
            return true;
        }

        public void Reset() => throw new NotSupportedException();

        /// <summary>Stops the source, waits for it (not for long if the work is to end), and disposes of the items that nobody took.</summary>
        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _room.Release();
            if (!_thread.Join(_stop.IsCancellationRequested ? LongestLast : Timeout.InfiniteTimeSpan))
            {
                // It ends after the item that it is at, and nobody takes that.
                return;
            }

            while (_ready.Reader.TryRead(out var left))
            {
                (left as IDisposable)?.Dispose();
            }

            _room.Dispose();
        }

        private void Fill(IEnumerable<T> source)
        {
            try
            {
                using var items = source.GetEnumerator();
                while (HasRoom() && items.MoveNext())
                {
                    _ready.Writer.TryWrite(items.Current);
                }
            }
#pragma warning disable CA1031 // whatever it is, it is the consumer's
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _ready.Writer.Complete(exception);
            }

            _ready.Writer.TryComplete();
        }

        private bool HasRoom()
        {
            _room.Wait();
            return !_disposed;
        }
    }
}
