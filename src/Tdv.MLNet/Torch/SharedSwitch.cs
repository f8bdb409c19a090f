namespace Tdv.MLNet.Torch;

/// <summary>A switch of the process that is on while anybody holds it, in whatever thread.</summary>
internal sealed class SharedSwitch(Action turnOn, Action turnOff)
{
    private readonly object _lock = new();
    private int _holders;

    /// <summary>Turns it on until the lease is disposed; the last lease turns it off.</summary>
    public IDisposable Hold()
    {
        lock (_lock)
        {
            if (_holders++ == 0)
            {
                turnOn();
            }
        }

        return new Lease(this);
    }

    private void Release()
    {
        lock (_lock)
        {
            if (--_holders == 0)
            {
                turnOff();
            }
        }
    }

    private sealed class Lease(SharedSwitch owner) : IDisposable
    {
        private SharedSwitch? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Release();
    }
}
