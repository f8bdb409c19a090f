using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Featurizing;

/// <summary>Runs the network over a batch of frames, for the outputs that somebody reads.</summary>
internal sealed class TdvKernel : BatchKernel
{
    private readonly FeatureSettings _settings;
    private readonly FeatureLayout _layout;
    private readonly FeatureEngine _engine;
    private readonly IReadOnlyList<FeatureOutput> _outputs;
    private readonly ValueGetter<MLImage> _getFrame;
    private readonly ValueGetter<MLImage>? _getPrevious;
    private readonly FeatureBatch _batch;
    private MLImage _image = null!;

    public TdvKernel(
        FeatureSettings settings,
        FeatureLayout layout,
        FeatureEngine engine,
        IReadOnlyList<FeatureOutput> outputs,
        IReadOnlyCollection<FeatureOutput> active,
        ValueGetter<MLImage> getFrame,
        ValueGetter<MLImage>? getPrevious,
        int capacity
    )
    {
        _settings = settings;
        _layout = layout;
        _engine = engine;
        _outputs = outputs;
        _getFrame = getFrame;
        _getPrevious = getPrevious;
        _batch = new FeatureBatch(
            new byte[capacity * FrameBytes],
            getPrevious is null ? [] : new byte[capacity * FrameBytes],
            active.ToDictionary(output => output, output => new float[capacity * layout.Length(output)])
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
        int length = _layout.Length(key);
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
