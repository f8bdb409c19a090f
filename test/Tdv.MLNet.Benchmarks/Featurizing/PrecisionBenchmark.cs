using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Imaging;
using static TorchSharp.torch;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>Features in bfloat16, which is TorchSharp's alone, against both engines in float32, on the CPU.</summary>
internal sealed class PrecisionBenchmark : IRatioBenchmark
{
    private const int Batch = 8;

    public IEnumerable<RatioRow> Run()
    {
        foreach (var preset in new[] { TdvPreset.Tiny, TdvPreset.Small })
        {
            using var model = TinySize.Create(preset);
            var full = FeatureSettings.From(new(), "Features", "Frame", model.Options);
            var low = full with { Precision = TdvPrecision.BFloat16 };
            FeatureEngine[] engines =
            [
                new TorchEngine(model, low, CPU),
                new OnnxEngine(model, full),
                new TorchEngine(model, full, CPU),
            ];
            var batch = Pictures(model);
            Action[] actions = [.. engines.Select(engine => (Action)(() => engine.Compute(batch, Batch)))];
            double[] ratios = Interleaved.TimeRatios(actions[..2], actions[2], rounds: 15);
            yield return RatioRow.Reported($"bfloat16 / float32 in TorchSharp, {preset}, batch {Batch}", ratios[0]);
            yield return RatioRow.Reported(
                $"bfloat16 in TorchSharp / float32 in ONNX Runtime, {preset}, batch {Batch}",
                ratios[0] / ratios[1]
            );
        }
    }

    private static FeatureBatch Pictures(TdvModel model)
    {
        byte[] pixels = new byte[Batch * model.ImageSize * model.ImageSize * FramePixels.Channels];
        new Random(1).NextBytes(pixels);
        int edge = model.ImageSize / model.PatchSize;
        return new FeatureBatch(
            pixels,
            [],
            new Dictionary<FeatureOutput, float[]>
            {
                [FeatureOutput.Grid] = new float[Batch * edge * edge * model.Dimension],
            }
        );
    }
}
