using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>Computes one row's vector.</summary>
internal abstract class ColumnKernel<T> : BatchKernel
{
    private T[] _values = [];

    public sealed override void Compute(int count) => _values = Compute();

    /// <returns>The vector of the row that was read last, which may be written over by the next.</returns>
    protected abstract T[] Compute();

    public sealed override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<VBuffer<T>>)(
            (ref VBuffer<T> value) =>
            {
                slot();
                Getters.Copy(_values, ref value);
            }
        );

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public sealed override void Dispose() { }
}
