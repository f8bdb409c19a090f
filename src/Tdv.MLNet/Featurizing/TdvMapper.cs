using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
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
        _frame = Image(schema, owner.Settings.InputColumn, faults).GetValueOrDefault();
        _previous = _outputs.Any(output => output.NeedsPrevious)
            ? Image(schema, owner.Settings.PreviousColumn, faults)
            : null;
        faults.ThrowIfAny("The data do not fit TdvFeaturize:");
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
            _owner.Settings,
            _owner.Layout,
            _owner.Engine,
            _outputs,
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

    private static DataViewSchema.Column? Image(DataViewSchema schema, string name, Faults faults)
    {
        var column = schema.GetColumnOrNull(name);
        faults.Check(
            column is not null,
            $"There is no column '{name}'; the columns are {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}."
        );
        faults.Check(
            column is null || column.Value.Type is ImageDataViewType,
            $"Column '{name}' is of type {column?.Type}, not an image; put LoadImages before TdvFeaturize."
        );
        return column;
    }
}
