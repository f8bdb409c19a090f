using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Imaging;
using static TorchSharp.torch;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>An engine on pictures that lie ready in memory, without ML.NET around it.</summary>
internal static class BareNetwork
{
    /// <returns>Computes the features of one batch.</returns>
    public static Action Of(TdvModel model, TdvEngine engine, int batch)
    {
        var settings = FeatureSettings.From(new(), "Features", "Frame", model.Options);
        FeatureEngine network =
            engine == TdvEngine.TorchSharp ? new TorchEngine(model, settings, CPU) : new OnnxEngine(model, settings);
        int side = model.ImageSize / model.PatchSize;
        byte[] frames = new byte[batch * model.ImageSize * model.ImageSize * FramePixels.Channels];
        new Random(1).NextBytes(frames);
        var results = new Dictionary<FeatureOutput, float[]>
        {
            [FeatureOutput.Grid] = new float[batch * side * side * model.Dimension],
        };
        var memory = new FeatureBatch(frames, [], results);
        return () => network.Compute(memory, batch);
    }
}
