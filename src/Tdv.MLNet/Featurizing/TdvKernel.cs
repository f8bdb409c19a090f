using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Featurizing;

/// <summary>Runs the network over a batch of frames, for the outputs that somebody reads.</summary>
internal sealed class TdvKernel(
    TdvFeaturizingTransformer owner,
    FeatureOutput[] active,
    ValueGetter<MLImage> getFrame,
    ValueGetter<MLImage>? getPrevious,
    int capacity
) : BatchKernel
{
    private readonly FeatureSettings _settings = owner.Settings;
    private readonly FeatureEngine _engine = owner.Engine;
    private readonly FeatureBatch _batch = new(
        new byte[capacity * FrameBytes(owner.Settings)],
        getPrevious is null ? [] : new byte[capacity * FrameBytes(owner.Settings)],
        active.ToDictionary(output => output, output => new float[capacity * owner.Layout.Length(output)])
    );
    private MLImage? _image;

    public override void Read(int slot)
    {
        ReadImage(getFrame, _settings.InputColumn, _batch.Frames, slot);
        if (getPrevious is not null)
        {
            ReadImage(getPrevious, _settings.PreviousColumn, _batch.Previous, slot);
        }
    }

    public override void Compute(int count) => _engine.Compute(_batch, count);

    public override Delegate CreateGetter(int output, Func<int> slot)
    {
        var key = _settings.Outputs[output];
        int length = owner.Layout.Length(key);
        float[] results = _batch.Results[key];
        return (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) => Getters.Copy(results.AsSpan(slot() * length, length), ref value)
        );
    }

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public override void Dispose() { }

    private void ReadImage(ValueGetter<MLImage> getter, string column, byte[] target, int slot)
    {
        var image = Getters.Image(getter, column, nameof(TdvCatalog.TdvFeaturize), ref _image);
        owner.Orientation.Look(image, column);
        int bytes = FrameBytes(_settings);
        FramePixels.Read(image, target.AsSpan(slot * bytes, bytes), _settings.ImageHeight, _settings.ImageWidth);
    }

    private static int FrameBytes(FeatureSettings settings) =>
        settings.ImageHeight * settings.ImageWidth * FramePixels.Channels;
}
