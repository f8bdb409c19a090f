namespace Tdv.MLNet.Foundation;

/// <summary>
/// Guards something native that several threads use: it is freed when its owner has disposed it and the last use is
/// over, never under a running call. A use that begins later is refused.
/// </summary>
/// <param name="owner">What was disposed, for the message.</param>
/// <param name="remedy">What to do about it, for the message.</param>
/// <param name="free">Frees it; called once.</param>
internal sealed class UseCount(string owner, string remedy, Action free) : IDisposable
{
    private readonly object _lock = new();

    /// <summary>The owner's own is the first, and ends when it is disposed.</summary>
    private int _uses = 1;
    private bool _disposed;

    /// <summary>Begins a use, which ends when the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The owner has been disposed.</exception>
    public Lease Enter()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                throw new ObjectDisposedException(owner, $"This {owner} has been disposed. {remedy}");
            }

            _uses++;
            return new Lease(this);
        }
    }

    /// <summary>Refuses new uses; frees now, or at the end of the last use.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        Leave();
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_uses > 0)
            {
                return;
            }
        }

        free();
    }

    /// <summary>One use in progress.</summary>
    public sealed class Lease : IDisposable
    {
        private UseCount? _count;

        internal Lease(UseCount count) => _count = count;

        /// <summary>Ends the use; a second call does nothing.</summary>
        public void Dispose() => Interlocked.Exchange(ref _count, null)?.Leave();
    }
}
