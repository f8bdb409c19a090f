using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Rows in the order of their videos with masks added that are carried from one to the next. Lazy: if neither masks nor
/// confidence are asked for, rows pass through, and pixels are only painted for who reads them.
/// </summary>
internal sealed class PropagationView : RowView
{
    private readonly IHost _host;
    private readonly IDataView _input;
    private readonly PropagationOptions _options;
    private readonly PropagationSource _source;
    private readonly MaskLegend _legend;

    /// <summary>Warnings of earlier passes, which are not repeated.</summary>
    private readonly ConcurrentDictionary<string, bool> _warnings = new();

    public PropagationView(IHostEnvironment environment, IDataView input, PropagationOptions options)
    {
        _source = PropagationSource.Bind(input.Schema, options);
        _host = environment.Register($"Tdv{nameof(PropagationView)}");
        _input = input;
        _options = options;
        _legend = MaskLegend.Of(_source.Mask);
        var key = new KeyDataViewType(typeof(uint), (ulong)_legend.Count);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input.Schema);
        schema.AddColumn(options.OutputColumnName, new VectorDataViewType(key), _legend.ToAnnotations());
        schema.AddColumns([MaskSize.ColumnFor(options.OutputColumnName)]);
        if (options.ConfidenceColumnName is { } confidence)
        {
            schema.AddColumn(confidence, new VectorDataViewType(NumberDataViewType.Single));
        }

        Schema = schema.ToSchema();
    }

    /// <summary>What is carried depends on the order.</summary>
    public override bool CanShuffle => false;

    public override DataViewSchema Schema { get; }

    public override long? GetRowCount() => _input.GetRowCount();

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        int inputs = _input.Schema.Count;
        bool isAsked = active.AsSpan(inputs).Contains(true);
        var passed = _input.Schema.Where(column => active[column.Index]);
        var input = _input.GetRowCursor(isAsked ? passed.Union(_source.All) : passed);
        if (!isAsked)
        {
            return new SequenceCursor(Schema, input, active, moved: null, []);
        }

        var channel = _host.Start("Propagating masks");
        var state = new PropagationState(
            input,
            _source,
            _options,
            _legend.Names,
            message =>
            {
                if (_warnings.TryAdd(message, true))
                {
                    MLNetInternals.Warn(channel, message);
                }
            }
        );
        return new SequenceCursor(
            Schema,
            input,
            active,
            found =>
            {
                if (found)
                {
                    state.Step();
                }
            },
            [
                (ValueGetter<VBuffer<uint>>)state.GetMask,
                (ValueGetter<VBuffer<int>>)state.GetSize,
                (ValueGetter<VBuffer<float>>)state.GetConfidence,
            ],
            channel
        );
    }
}
