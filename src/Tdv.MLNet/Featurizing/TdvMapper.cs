using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Featurizing;

/// <summary>Binds a transformer to a schema.</summary>
internal sealed class TdvMapper : BatchMapper
{
    private readonly TdvFeaturizingTransformer _owner;
    private readonly IReadOnlyList<FeatureOutput> _outputs;
    private readonly DataViewSchema.Column _frame;
    private readonly DataViewSchema.Column? _previous;

    public TdvMapper(TdvFeaturizingTransformer owner, DataViewSchema schema)
        : base(schema, owner.Settings.BatchSize, Columns(owner))
    {
        _owner = owner;
        _outputs = owner.Settings.Outputs;
        var faults = new Faults();
        _frame = ColumnCheck.Require(schema, owner.Settings.InputColumn, ColumnKind.Image, faults).GetValueOrDefault();
        _previous = _outputs.Any(output => output.NeedsPrevious)
            ? ColumnCheck.Require(schema, owner.Settings.PreviousColumn, ColumnKind.Image, faults)
            : null;
        faults.ThrowIfAny("TdvFeaturize cannot use these columns:");
    }

    public override bool[] Dependencies(bool[] activeOutputs)
    {
        var needed = new bool[InputSchema.Count];
        needed[_frame.Index] = true;
        if (_previous is { } previous && Active(activeOutputs).Any(output => output.NeedsPrevious))
        {
            needed[previous.Index] = true;
        }

        return needed;
    }

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity)
    {
        FeatureOutput[] active = [.. Active(activeOutputs)];
        return new TdvKernel(
            _owner,
            active,
            input.GetGetter<MLImage>(_frame),
            active.Any(output => output.NeedsPrevious) ? input.GetGetter<MLImage>(_previous!.Value) : null,
            capacity
        );
    }

    private IEnumerable<FeatureOutput> Active(bool[] activeOutputs) =>
        _outputs.Where((_, index) => activeOutputs[index]);

    private static DataViewSchema.DetachedColumn[] Columns(TdvFeaturizingTransformer owner) =>
        [
            .. owner.Settings.Outputs.Select(output => new DataViewSchema.DetachedColumn(
                owner.Settings.ColumnOf(output)!,
                new VectorDataViewType(NumberDataViewType.Single, owner.Layout.Shape(output))
            )),
        ];
}
