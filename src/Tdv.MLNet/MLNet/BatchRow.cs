using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>A row whose added columns are computed when first asked for, and once per position of its input.</summary>
internal sealed class BatchRow : DataViewRow
{
    private const long Nowhere = long.MinValue;

    private readonly BatchMapper _mapper;
    private readonly DataViewRow _input;
    private readonly ActiveColumns _active;
    private readonly BatchKernel? _kernel;
    private readonly Delegate?[] _getters;
    private long _computedAt = Nowhere;
    private bool _disposed;

    /// <remarks>Owns <paramref name="input"/>, as every wrapping row of ML.NET does.</remarks>
    public BatchRow(BatchMapper mapper, DataViewRow input, ActiveColumns active)
    {
        _mapper = mapper;
        _input = input;
        _active = active;
        _kernel = active.AnyComputed ? mapper.CreateKernel(input, active.Computed, capacity: 1) : null;
        _getters = [.. active.Computed.Select((wanted, i) => wanted ? Getter(i) : null)];
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < _active.PassedThrough.Length
            ? _active.PassedThrough[column.Index] && _input.IsColumnActive(_mapper.InputSchema[column.Index])
            : _active.Computed[column.Index - _active.PassedThrough.Length];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int inputs = _active.PassedThrough.Length;
        return column.Index < inputs
            ? _input.GetGetter<TValue>(_mapper.InputSchema[column.Index])
            : Getters.Typed<TValue>(_getters[column.Index - inputs], column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _kernel?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private Delegate Getter(int output) =>
        _mapper.Checked(_kernel!.CreateGetter(output, Slot), output, () => _input.Position);

    private int Slot()
    {
        if (_computedAt != _input.Position)
        {
            _computedAt = Nowhere;
            _kernel!.Read(0);
            _kernel.Compute(1);
            _computedAt = _input.Position;
        }

        return 0;
    }
}
