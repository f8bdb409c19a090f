using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>Computes one row's vector.</summary>
/// <param name="compute">The vector of the current row, which may be written over by the next.</param>
internal sealed class ColumnKernel<T>(Func<T[]> compute) : BatchKernel
{
    private T[] _values = [];

    public override void Read(int slot) => _values = compute();

    public override void Compute(int count) { }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<VBuffer<T>>)(
            (ref VBuffer<T> value) =>
            {
                slot();
                Getters.Copy(_values, ref value);
            }
        );

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public override void Dispose() { }
}
