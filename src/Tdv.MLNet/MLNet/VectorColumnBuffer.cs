using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>Copies vectors in and out: the arrays of a <see cref="VBuffer{T}"/> belong to whoever holds it.</summary>
internal sealed class VectorColumnBuffer<T>(DataViewRow input, DataViewSchema.Column column, int capacity)
    : ColumnBuffer
{
    private readonly ValueGetter<VBuffer<T>> _input = input.GetGetter<VBuffer<T>>(column);
    private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

    public override void Read(int slot) => _input(ref _values[slot]);

    public override Delegate CreateGetter(Func<int> slot) =>
        (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));

    public override void Dispose() { }
}
