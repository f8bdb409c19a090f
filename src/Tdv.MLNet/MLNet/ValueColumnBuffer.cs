using Microsoft.ML;

namespace Tdv.MLNet.MLNet;

internal sealed class ValueColumnBuffer<T>(DataViewRow input, DataViewSchema.Column column, int capacity) : ColumnBuffer
{
    private readonly ValueGetter<T> _input = input.GetGetter<T>(column);
    private readonly T[] _values = new T[capacity];

    public override void Read(int slot)
    {
        // A fresh variable: a getter may reuse what it is given, and the old value may be in a consumer's hands.
        T value = default!;
        _input(ref value);
        _values[slot] = value;
    }

    public override Delegate CreateGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);

    public override void Dispose() { }
}
