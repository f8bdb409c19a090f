using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Interop;

/// <summary>Reads a batch of input rows ahead and serves them one by one; the kernel runs once per batch, if at all.</summary>
internal sealed class BatchCursor : DataViewRowCursor
{
    private readonly BatchMapper _mapper;
    private readonly DataViewRowCursor _input;
    private readonly ActiveColumns _active;
    private readonly BatchKernel _kernel;
    private readonly Delegate?[] _getters;
    private readonly ColumnBuffer?[] _buffers;
    private readonly ValueGetter<DataViewRowId> _inputId;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _count;
    private int _slot = -1;
    private long _position = -1;
    private bool _atEnd;
    private bool _computed;
    private bool _disposed;

    public BatchCursor(BatchMapper mapper, DataViewRowCursor input, ActiveColumns active)
    {
        _mapper = mapper;
        _input = input;
        _active = active;
        _kernel = mapper.CreateKernel(input, active.Computed, mapper.BatchSize);
        _getters = new Delegate?[active.Computed.Length];
        for (var i = 0; i < _getters.Length; i++)
        {
            _getters[i] = active.Computed[i] ? _kernel.CreateGetter(i, ComputedSlot) : null;
        }

        _buffers = mapper
            .InputSchema.Select(c =>
                active.PassedThrough[c.Index] ? ColumnBuffer.Create(input, c, mapper.BatchSize) : null
            )
            .ToArray();
        _inputId = input.GetIdGetter();
        _ids = new DataViewRowId[mapper.BatchSize];
        _batches = new long[mapper.BatchSize];
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _batches[_slot];

    public override bool MoveNext()
    {
        if (_slot + 1 < _count)
        {
            _slot++;
            _position++;
            return true;
        }

        ReadBatch();
        if (_count == 0)
        {
            _slot = -1;
            _position = -1;
            return false;
        }

        _slot = 0;
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Slot()];

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < _buffers.Length
            ? _active.PassedThrough[column.Index]
            : _active.Computed[column.Index - _buffers.Length];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var getter =
            column.Index < _buffers.Length
                ? _buffers[column.Index]?.CreateGetter(Slot)
                : _getters[column.Index - _buffers.Length];
        return Getters.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            foreach (var buffer in _buffers)
            {
                buffer?.Dispose();
            }

            _kernel.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ReadBatch()
    {
        _count = 0;
        _computed = false;
        while (_count < _ids.Length && !_atEnd)
        {
            if (!_input.MoveNext())
            {
                _atEnd = true;
                return;
            }

            _inputId(ref _ids[_count]);
            _batches[_count] = _input.Batch;
            foreach (var buffer in _buffers)
            {
                buffer?.Read(_count);
            }

            _kernel.Read(_count);
            _count++;
        }
    }

    private int Slot() =>
        _position >= 0
            ? _slot
            : throw new InvalidOperationException("A cursor has values only between MoveNext and the end of the data.");

    private int ComputedSlot()
    {
        var slot = Slot();
        if (!_computed)
        {
            _kernel.Compute(_count);
            _computed = true;
        }

        return slot;
    }
}
