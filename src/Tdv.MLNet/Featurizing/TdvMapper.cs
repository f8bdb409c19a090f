using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Featurizing;

/// <summary>Binds a transformer to a schema.</summary>
internal sealed class TdvMapper : BatchMapper
{
    private readonly IHost _host;
    private readonly TdvModel _model;
    private readonly List<FeatureOutput> _outputs;
    private readonly DataViewSchema.Column _frame;
    private readonly DataViewSchema.Column? _previous;

    public TdvMapper(IHost host, FeatureSettings settings, TdvModel model, DataViewSchema schema)
        : base(schema, settings.BatchSize, Columns(settings, model))
    {
        _host = host;
        _model = model;
        Settings = settings;
        _outputs = Outputs(settings).ToList();
        var faults = new Faults();
        _frame = Image(schema, settings.InputColumn, faults).GetValueOrDefault();
        _previous = settings.MotionColumn is null ? null : Image(schema, settings.PreviousColumn, faults);
        faults.ThrowIfAny("The data do not fit TdvFeaturize:");
    }

    public FeatureSettings Settings { get; }

    public override bool[] Dependencies(bool[] activeOutputs)
    {
        var needed = new bool[InputSchema.Count];
        needed[_frame.Index] = true;
        if (_previous is { } previous && activeOutputs[_outputs.IndexOf(FeatureOutput.Motion)])
        {
            needed[previous.Index] = true;
        }

        return needed;
    }

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity)
    {
        FeatureOutput[] active = [.. _outputs.Where((_, index) => activeOutputs[index])];
        return new TdvKernel(
            Settings,
            _model,
            FeatureEngine.Choose(_host, _model, Settings, active),
            _outputs,
            active,
            input.GetGetter<MLImage>(_frame),
            active.Contains(FeatureOutput.Motion) ? input.GetGetter<MLImage>(_previous!.Value) : null,
            capacity
        );
    }

    private static IEnumerable<FeatureOutput> Outputs(FeatureSettings settings)
    {
        yield return FeatureOutput.Grid;
        if (settings.ClsColumn is not null)
        {
            yield return FeatureOutput.Cls;
        }

        if (settings.MotionColumn is not null)
        {
            yield return FeatureOutput.Motion;
        }

        if (settings.AttentionColumn is not null)
        {
            yield return FeatureOutput.Attention;
        }
    }

    private static DataViewSchema.DetachedColumn[] Columns(FeatureSettings settings, TdvModel model)
    {
        int rows = settings.ImageHeight / model.PatchSize;
        int columns = settings.ImageWidth / model.PatchSize;
        int width = model.Dimension * settings.Layers.Count;
        return
        [
            .. Outputs(settings)
                .Select(output =>
                    output switch
                    {
                        FeatureOutput.Grid => Vector(settings.OutputColumn, rows, columns, width),
                        FeatureOutput.Cls => Vector(settings.ClsColumn!, width),
                        FeatureOutput.Motion => Vector(settings.MotionColumn!, rows, columns, model.Dimension),
                        _ => Vector(settings.AttentionColumn!, model.Options.Heads, rows, columns),
                    }
                ),
        ];
    }

    private static DataViewSchema.DetachedColumn Vector(string name, params int[] dimensions) =>
        new(name, new VectorDataViewType(NumberDataViewType.Single, dimensions));

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
