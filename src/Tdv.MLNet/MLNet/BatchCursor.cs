using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.MLNet;

/// <summary>
/// Serves the rows of a batch one by one; the kernel runs once per batch, if at all. From the second batch on, the next
/// one is read by another thread meanwhile: whoever takes a few rows does not pay for more, whoever takes all of them
/// does not wait for decoding. The input is only ever used by one thread at a time.
/// </summary>
internal sealed class BatchCursor(BatchMapper mapper, DataViewRowCursor input, ActiveColumns active) : DataViewRowCursor
{
    private readonly RowBatch?[] _batches = [new(mapper, input, active), null];
    private IEnumerator<int>? _ahead;
    private int _current;
    private int _slot = -1;
    private long _position = -1;
    private bool _started;
    private bool _disposed;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : Current.Batch(_slot);

    private RowBatch Current => _batches[_current]!;

    public override bool MoveNext()
    {
        if (_slot + 1 >= Current.Count)
        {
            NextBatch();
            _slot = -1;
        }

        bool found = Current.Count > 0;
        _slot = found ? _slot + 1 : -1;
        _position = found ? _position + 1 : -1;
        return found;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = Current.Id(Slot());

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        int inputs = active.PassedThrough.Length;
        return column.Index < inputs ? active.PassedThrough[column.Index] : active.Computed[column.Index - inputs];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var getters = new ValueGetter<TValue>?[_batches.Length];
        getters[_current] = Create();
        return (ref TValue value) => (getters[_current] ??= Create())(ref value);

        ValueGetter<TValue> Create() =>
            Getters.Typed<TValue>(IsColumnActive(column) ? Current.CreateGetter(column.Index, Slot) : null, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _ahead?.Dispose();
            foreach (var batch in _batches)
            {
                batch?.Dispose();
            }

            input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void NextBatch()
    {
        if (!_started)
        {
            _started = true;
            Current.Read();
        }
        else if ((_ahead is null && Current.IsLast) || !(_ahead ??= ReadAhead()).MoveNext())
        {
            Current.Clear();
        }
        else
        {
            _current = _ahead.Current;
        }
    }

    private IEnumerator<int> ReadAhead()
    {
        // Its getters are made here, not by the other thread.
        _batches[1] = new RowBatch(mapper, input, active);
        return new ReadAhead<int>(Following(), count: 1).GetEnumerator();
    }

    /// <summary>The batches after the first, which take turns: one is read while the other is served.</summary>
    private IEnumerable<int> Following()
    {
        for (int next = 1; !_batches[1 - next]!.IsLast; next = 1 - next)
        {
            _batches[next]!.Read();
            yield return next;
        }
    }

    private int Slot() =>
        _position >= 0
            ? _slot
            : throw new InvalidOperationException("A cursor has values only between MoveNext and the end of the data.");
}
