namespace Tdv.MLNet.Weights;

/// <summary>The stack and the memo of a pickle's little machine, bounded: a small file cannot grow into much memory.</summary>
internal sealed class PickleStack
{
    /// <summary>A checkpoint of the largest published network, optimizer included, takes a tenth of it.</summary>
    public const int MaxValues = 1_000_000;

    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _spent;

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    /// <summary>Accounts for values that are made or copied.</summary>
    public void Spend(int count)
    {
        _spent += count;
        if (_spent > MaxValues)
        {
            throw new InvalidDataException($"its pickle makes more than {MaxValues} values");
        }
    }

    public void Push(object? value)
    {
        Spend(1);
        _values.Add(value);
    }

    public object? Pop()
    {
        var top = Peek();
        _values.RemoveAt(_values.Count - 1);
        return top;
    }

    /// <exception cref="InvalidDataException">The top is of another type.</exception>
    public T Pop<T>() =>
        Pop() is T value ? value : throw new InvalidDataException($"its pickle lacks a {typeof(T).Name}");

    public object? Peek() =>
        _values.Count > Floor
            ? _values[^1]
            : throw new InvalidDataException("its pickle takes a value that is not there");

    public void Mark()
    {
        Spend(1);
        _marks.Add(_values.Count);
    }

    /// <summary>Takes everything above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw new InvalidDataException("its pickle ends a group that was not begun");
        }

        var start = _marks[^1];
        var values = _values.GetRange(start, _values.Count - start).ToArray();
        _values.RemoveRange(start, values.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    /// <summary>Takes the last <paramref name="count"/> values, oldest first.</summary>
    public object?[] Pop(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }

        return values;
    }

    public void Memorize(long? index = null)
    {
        Spend(1);
        _memo[index ?? _memo.Count] = Peek();
    }

    public object? Recall(long index) =>
        _memo.TryGetValue(index, out var value)
            ? value
            : throw new InvalidDataException($"its pickle refers to value {index}, which it does not hold");
}
