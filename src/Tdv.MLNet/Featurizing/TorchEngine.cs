using System.Runtime.InteropServices;
using Tdv.MLNet.Imaging;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>Features by TorchSharp, on any device.</summary>
internal sealed class TorchEngine(TdvModel model, FeatureSettings settings, Device device) : FeatureEngine
{
    private readonly ScalarType _type =
        settings.Precision == TdvPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    public override void Compute(FeatureBatch batch, int count)
    {
        using var use = model.Use();
        // Before inference begins: tensors made in it are of no use to a training.
        var network = model.On(device, _type);
        using var scope = NewDisposeScope();
        using var gradients = inference_mode();
        var frames = ToTensor(batch.Frames, count);
        var previous = batch.NeedsPrevious ? ToTensor(batch.Previous, count) : null;
        var pass = new TorchPass(network, settings.Layers, frames, previous, _type);
        foreach (var (output, target) in batch.Results)
        {
            var values = output.Torch(pass).to_type(ScalarType.Float32).contiguous().cpu();
            MemoryMarshal.Cast<byte, float>(values.bytes).CopyTo(target);
        }
    }

    /// <summary>Networks are the model's.</summary>
    public override void Dispose() { }

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
