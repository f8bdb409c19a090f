using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Featurizing;

/// <summary>Runs the network over a batch of frames, for the outputs that somebody reads.</summary>
internal sealed class TdvKernel : BatchKernel
{
    private readonly FeatureSettings _settings;
    private readonly TdvModel _model;
    private readonly FeatureEngine _engine;
    private readonly IReadOnlyList<FeatureOutput> _outputs;
    private readonly ValueGetter<MLImage> _getFrame;
    private readonly ValueGetter<MLImage>? _getPrevious;
    private readonly FeatureBatch _batch;
    private MLImage _image = null!;

    public TdvKernel(
        FeatureSettings settings,
        TdvModel model,
        FeatureEngine engine,
        IReadOnlyList<FeatureOutput> outputs,
        IReadOnlyCollection<FeatureOutput> active,
        ValueGetter<MLImage> getFrame,
        ValueGetter<MLImage>? getPrevious,
        int capacity
    )
    {
        _settings = settings;
        _model = model;
        _engine = engine;
        _outputs = outputs;
        _getFrame = getFrame;
        _getPrevious = getPrevious;
        _batch = new FeatureBatch(
            new byte[capacity * FrameBytes],
            getPrevious is null ? [] : new byte[capacity * FrameBytes],
            active.ToDictionary(output => output, output => new float[capacity * Length(output)])
        );
    }

    private int FrameBytes => _settings.ImageHeight * _settings.ImageWidth * FramePixels.Channels;

    public override void Read(int slot)
    {
        ReadImage(_getFrame, _settings.InputColumn, _batch.Frames, slot);
        if (_getPrevious is not null)
        {
            ReadImage(_getPrevious, _settings.PreviousColumn, _batch.Previous, slot);
        }
    }

    public override void Compute(int count) => _engine.Compute(_batch, count);

    public override Delegate CreateGetter(int output, Func<int> slot)
    {
        var key = _outputs[output];
        int length = Length(key);
        float[] results = _batch.Results[key];
        return (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                int row = slot();
                var editor = VBufferEditor.Create(ref value, length);
                results.AsSpan(row * length, length).CopyTo(editor.Values);
                value = editor.Commit();
            }
        );
    }

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public override void Dispose() { }

    private int Length(FeatureOutput output)
    {
        int cells = _settings.ImageHeight / _model.PatchSize * (_settings.ImageWidth / _model.PatchSize);
        int width = _model.Dimension * _settings.Layers.Count;
        return output switch
        {
            FeatureOutput.Grid => cells * width,
            FeatureOutput.Cls => width,
            FeatureOutput.Motion => cells * _model.Dimension,
            _ => _model.Options.Heads * cells,
        };
    }

    private void ReadImage(ValueGetter<MLImage> getter, string column, byte[] target, int slot)
    {
        getter(ref _image);
        if (_image is null)
        {
            throw new InvalidOperationException(
                $"Column '{column}' has a row without an image; filter such rows out before TdvFeaturize."
            );
        }

        var span = target.AsSpan(slot * FrameBytes, FrameBytes);
        FramePixels.Read(_image, span, _settings.ImageHeight, _settings.ImageWidth);
    }
}
