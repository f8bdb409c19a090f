using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// A sequence whose items are made on a thread of their own while earlier ones are used, in order, at most so many ahead.
/// An exception of the source reaches the consumer after the items before it.
/// </summary>
/// <param name="source">Enumerated and disposed of on the thread, once per enumerator.</param>
/// <param name="capacity">The most items that wait for the consumer.</param>
internal sealed class ReadAhead<T>(IEnumerable<T> source, int capacity) : IEnumerable<T>
{
    public IEnumerator<T> GetEnumerator() => new Enumerator(source, capacity);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator : IEnumerator<T>
    {
        private readonly BlockingCollection<T> _ready;
        private readonly CancellationTokenSource _stop = new();
        private readonly Thread _thread;
        private ExceptionDispatchInfo? _failure;
        private bool _disposed;

        public Enumerator(IEnumerable<T> source, int capacity)
        {
            _ready = new BlockingCollection<T>(capacity);
            _thread = new Thread(() => Fill(source)) { IsBackground = true, Name = nameof(ReadAhead<T>) };
            _thread.Start();
        }

        public T Current { get; private set; } = default!;

        object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_ready.TryTake(out var item, Timeout.Infinite))
            {
                Current = item;
                return true;
            }

            _failure?.Throw();
            return false;
        }

        public void Reset() => throw new NotSupportedException();

        /// <summary>Stops the source, waits for it, and disposes of the items that nobody took.</summary>
        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _stop.Cancel();
            _thread.Join();
            while (_ready.TryTake(out var left))
            {
                (left as IDisposable)?.Dispose();
            }

            _ready.Dispose();
            _stop.Dispose();
        }

        private void Fill(IEnumerable<T> source)
        {
            try
            {
                foreach (var item in source)
                {
                    if (!TryAdd(item))
                    {
                        break;
                    }
                }
            }
#pragma warning disable CA1031 // whatever it is, it is the consumer's
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                _ready.CompleteAdding();
            }
        }

        private bool TryAdd(T item)
        {
            try
            {
                _ready.Add(item, _stop.Token);
                return true;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                (item as IDisposable)?.Dispose();
                return false;
            }
        }
    }
}
