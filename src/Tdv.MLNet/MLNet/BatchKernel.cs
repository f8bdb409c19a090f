namespace Tdv.MLNet.MLNet;

/// <summary>
/// The work of a <see cref="BatchMapper"/> for one cursor or row: reads inputs into slots, computes all slots at once,
/// hands out each slot's results. Used by one thread at a time.
/// </summary>
internal abstract class BatchKernel : IDisposable
{
    /// <summary>
    /// Copies what is needed of the current input row into <paramref name="slot"/>. Nothing of the row may be kept: its
    /// owner reuses buffers and disposes images when it moves on. Input images are never disposed here.
    /// </summary>
    public abstract void Read(int slot);

    /// <summary>Computes the slots <c>[0, count)</c>. Called at most once per batch, and only if a value is asked for.</summary>
    public abstract void Compute(int count);

    /// <summary>
    /// The <c>ValueGetter&lt;T&gt;</c> of an active output. It calls <paramref name="slot"/> for every value: that makes
    /// sure the batch is computed and says which slot is the current row's. What it hands out is a copy.
    /// </summary>
    /// <param name="output">The index in <see cref="BatchMapper.Added"/>.</param>
    /// <param name="slot">Computes the batch if need be and returns the current slot.</param>
    public abstract Delegate CreateGetter(int output, Func<int> slot);

    public abstract void Dispose();
}
