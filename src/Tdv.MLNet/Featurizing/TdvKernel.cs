using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Interop;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>Runs the network over a batch of frames, for the outputs that somebody reads.</summary>
internal sealed class TdvKernel : BatchKernel
{
    private readonly FeatureSettings _settings;
    private readonly TdvModel _model;
    private readonly Device _device;
    private readonly IReadOnlyList<FeatureOutput> _outputs;
    private readonly HashSet<FeatureOutput> _active;
    private readonly ValueGetter<MLImage> _getFrame;
    private readonly ValueGetter<MLImage>? _getPrevious;
    private readonly byte[] _frames;
    private readonly byte[] _previousFrames;
    private readonly Dictionary<FeatureOutput, float[]> _results = [];
    private MLImage _image = null!;

    public TdvKernel(
        FeatureSettings settings,
        TdvModel model,
        Device device,
        IReadOnlyList<FeatureOutput> outputs,
        HashSet<FeatureOutput> active,
        ValueGetter<MLImage> getFrame,
        ValueGetter<MLImage>? getPrevious,
        int capacity
    )
    {
        _settings = settings;
        _model = model;
        _device = device;
        _outputs = outputs;
        _active = active;
        _getFrame = getFrame;
        _getPrevious = getPrevious;
        _frames = new byte[capacity * FrameBytes];
        _previousFrames = getPrevious is null ? [] : new byte[capacity * FrameBytes];
    }

    private int FrameBytes => _settings.ImageHeight * _settings.ImageWidth * FramePixels.Channels;

    public override void Read(int slot)
    {
        ReadImage(_getFrame, _settings.InputColumn, _frames, slot);
        if (_getPrevious is not null)
        {
            ReadImage(_getPrevious, _settings.PreviousColumn, _previousFrames, slot);
        }
    }

    public override void Compute(int count)
    {
        using var scope = NewDisposeScope();
        using var gradients = inference_mode();
        using var use = _model.Use();
        var network = _model.On(_device);
        var frames = ToTensor(_frames, count);
        if (_active.Contains(FeatureOutput.Grid) || _active.Contains(FeatureOutput.Cls))
        {
            var layers = network.FrameEncoder.Forward(frames, _settings.Layers);
            var tokens = layers.Count == 1 ? layers[0] : cat([.. layers], -1);
            Keep(FeatureOutput.Grid, Patches(tokens));
            Keep(FeatureOutput.Cls, tokens.select(1, 0));
        }

        if (_active.Contains(FeatureOutput.Motion))
        {
            var previous = ToTensor(_previousFrames, count);
            var motion = network.EncodeMotion(frames - previous, network.FrameEncoder.Forward(previous));
            Keep(FeatureOutput.Motion, Patches(motion));
        }
    }

    public override Delegate CreateGetter(int output, Func<int> slot)
    {
        var key = _outputs[output];
        int length = Length(key);
        return (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                int row = slot();
                var editor = VBufferEditor.Create(ref value, length);
                _results[key].AsSpan(row * length, length).CopyTo(editor.Values);
                value = editor.Commit();
            }
        );
    }

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public override void Dispose() => _results.Clear();

    private static Tensor Patches(Tensor tokens) => tokens.narrow(1, 1, tokens.size(1) - 1);

    private int Length(FeatureOutput output)
    {
        int cells = _settings.ImageHeight / _model.PatchSize * (_settings.ImageWidth / _model.PatchSize);
        int width = _model.Dimension * _settings.Layers.Count;
        return output switch
        {
            FeatureOutput.Grid => cells * width,
            FeatureOutput.Cls => width,
            _ => cells * _model.Dimension,
        };
    }

    private Tensor ToTensor(byte[] pixels, int count) =>
        FramePixels.ToTensor(
            pixels.AsMemory(0, count * FrameBytes),
            count,
            _settings.ImageHeight,
            _settings.ImageWidth,
            _device
        );

    private void Keep(FeatureOutput output, Tensor values)
    {
        if (_active.Contains(output))
        {
            _results[output] = values.contiguous().cpu().data<float>().ToArray();
        }
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
