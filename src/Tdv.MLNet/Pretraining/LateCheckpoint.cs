using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// Writes the checkpoint of a training that is told to end while a long step is under way, which cannot be left in the
/// middle of an operation of libtorch: what the step would change is not changed before its end. A program that cannot wait
/// for that may end once there is nothing <see cref="Unsaved"/>.
/// </summary>
internal sealed class LateCheckpoint : IDisposable
{
    /// <summary>Steps that end by themselves within this time write their checkpoint themselves.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private readonly object _changing;
    private readonly Func<bool> _isStepping;
    private readonly Func<long?> _write;
    private readonly IDisposable _unsaved = Unsaved.Begin();
    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;
    private bool _over;

    /// <param name="changing">Held by whoever changes the training's state.</param>
    /// <param name="isStepping">Whether a step is under way; if not, the training writes in a moment.</param>
    /// <param name="write">
    /// Writes the checkpoint of the state as it was before the step in progress; gives the steps that were done, or null
    /// where there is nothing to keep.
    /// </param>
    public LateCheckpoint(object changing, Func<bool> isStepping, Func<long?> write)
    {
        _changing = changing;
        _isStepping = isStepping;
        _write = write;
        _timer = new Timer(_ => Write());
        _registration = AmbientStop.Token.Register(() => _timer.Change(Patience, Timeout.InfiniteTimeSpan));
    }

    /// <summary>The training has come to where it can write by itself; what it writes counts as unsaved until disposal.</summary>
    public void Stop()
    {
        _registration.Dispose();
        lock (_changing)
        {
            _over = true;
        }
    }

    /// <summary>There is nothing more to write.</summary>
    public void Dispose()
    {
        Stop();
        _timer.Dispose();
        _unsaved.Dispose();
    }

    /// <param name="step">The steps that were done; null: there is no checkpoint.</param>
    public static void Note(long? step)
    {
        if (step is not null)
        {
            Unsaved.Saved = $"the checkpoint of step {step} is written";
        }
    }

    private void Write()
    {
        lock (_changing)
        {
            if (_over || !_isStepping())
            {
                return;
            }

            try
            {
                Note(_write());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The training itself tries again, and tells of it.
            }
        }

        _unsaved.Dispose();
    }
}
