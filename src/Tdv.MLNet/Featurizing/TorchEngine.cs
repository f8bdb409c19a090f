using System.Runtime.InteropServices;
using Tdv.MLNet.Imaging;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>Features by TorchSharp, on any device.</summary>
internal sealed class TorchEngine(TdvModel model, FeatureSettings settings, Device device) : FeatureEngine
{
    public override void Compute(FeatureBatch batch, int count)
    {
        using var use = model.Use();
        // Before inference begins: tensors made in it are of no use to a training.
        var network = settings.Precision == FeaturePrecision.Full ? model.On(device) : model.LoweredOn(device);
        using var scope = NewDisposeScope();
        using var gradients = inference_mode();
        var frames = ToTensor(batch.Frames, count);
        if (batch.Results.ContainsKey(FeatureOutput.Grid) || batch.Results.ContainsKey(FeatureOutput.Cls))
        {
            var layers = network.FrameEncoder.Forward(Lower(frames), settings.Layers);
            var tokens = layers.Count == 1 ? layers[0] : cat([.. layers], -1);
            Keep(batch, FeatureOutput.Grid, Patches(tokens));
            Keep(batch, FeatureOutput.Cls, tokens.select(1, 0));
        }

        if (batch.Results.ContainsKey(FeatureOutput.Attention))
        {
            Keep(batch, FeatureOutput.Attention, network.FrameEncoder.ClsAttention(Lower(frames)));
        }

        if (batch.Results.ContainsKey(FeatureOutput.Motion))
        {
            var previous = ToTensor(batch.Previous, count);
            // The difference of two lowered frames would lose what they share.
            var motion = network.EncodeMotion(Lower(frames - previous), network.FrameEncoder.Forward(Lower(previous)));
            Keep(batch, FeatureOutput.Motion, Patches(motion));
        }
    }

    private Tensor Lower(Tensor images) =>
        settings.Precision == FeaturePrecision.Full ? images : images.to_type(ScalarType.BFloat16);

    private static Tensor Patches(Tensor tokens) => tokens.narrow(1, 1, tokens.size(1) - 1);

    private static void Keep(FeatureBatch batch, FeatureOutput output, Tensor values)
    {
        if (batch.Results.TryGetValue(output, out float[]? target))
        {
            MemoryMarshal.Cast<byte, float>(values.to_type(ScalarType.Float32).contiguous().cpu().bytes).CopyTo(target);
        }
    }

    private Tensor ToTensor(byte[] pixels, int count)
    {
        int length = settings.ImageHeight * settings.ImageWidth * FramePixels.Channels;
        return FramePixels.ToTensor(
            pixels.AsMemory(0, count * length),
            count,
            settings.ImageHeight,
            settings.ImageWidth,
            device
        );
    }
}
