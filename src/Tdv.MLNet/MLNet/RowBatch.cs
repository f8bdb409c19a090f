using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>
/// Room for a batch of input rows and what is computed of them. Read by one thread, then served by one, perhaps another.
/// </summary>
internal sealed class RowBatch(BatchMapper mapper, DataViewRowCursor input, ActiveColumns active) : IDisposable
{
    private readonly BatchKernel _kernel = mapper.CreateKernel(input, active.Computed, mapper.BatchSize);
    private readonly ColumnBuffer?[] _buffers =
    [
        .. mapper.InputSchema.Select(column =>
            active.PassedThrough[column.Index] ? ColumnBuffer.Create(input, column, mapper.BatchSize) : null
        ),
    ];
    private readonly ValueGetter<DataViewRowId> _inputId = input.GetIdGetter();
    private readonly DataViewRowId[] _ids = new DataViewRowId[mapper.BatchSize];
    private readonly long[] _batches = new long[mapper.BatchSize];
    private readonly long[] _rows = new long[mapper.BatchSize];
    private bool _computed;

    public int Count { get; private set; }

    /// <summary>Whether the input ended with these rows.</summary>
    public bool IsLast { get; private set; }

    public DataViewRowId Id(int slot) => _ids[slot];

    public long Batch(int slot) => _batches[slot];

    /// <summary>Moves the input on, until the batch is full or there are no more rows.</summary>
    public void Read()
    {
        Count = 0;
        _computed = false;
        int count = 0;
        while (count < _ids.Length && input.MoveNext())
        {
            ReadRow(count++);
        }

        IsLast = count < _ids.Length;
        // Not before: a batch with an error in it has no rows.
        Count = count;
    }

    /// <summary>Forgets its rows: there are no more.</summary>
    public void Clear() => Count = 0;

    /// <summary>The getter of an active column: of the input's, or behind them, of those added.</summary>
    public Delegate CreateGetter(int column, Func<int> slot) =>
        column < _buffers.Length
            ? _buffers[column]!.CreateGetter(slot)
            : mapper.Checked(
                _kernel.CreateGetter(
                    column - _buffers.Length,
                    () =>
                    {
                        int current = slot();
                        Compute();
                        return current;
                    }
                ),
                column - _buffers.Length,
                () => _rows[slot()]
            );

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer?.Dispose();
        }

        _kernel.Dispose();
    }

    private void ReadRow(int slot)
    {
        _inputId(ref _ids[slot]);
        _batches[slot] = input.Batch;
        _rows[slot] = input.Position;
        foreach (var buffer in _buffers)
        {
            buffer?.Read(slot);
        }

        _kernel.Read(slot);
    }

    private void Compute()
    {
        if (!_computed)
        {
            _kernel.Compute(Count);
            _computed = true;
        }
    }
}
