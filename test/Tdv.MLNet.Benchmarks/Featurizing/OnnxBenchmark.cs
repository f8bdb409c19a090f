using Tdv.MLNet.Benchmarks.Training;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>
/// The engine of the CPU against the same network in TorchSharp, float32: with libtorch as it starts, and with oneDNN as
/// our own TorchSharp engine sets it.
/// </summary>
internal sealed class OnnxBenchmark : IRatioBenchmark
{
    private const double Bar = 1.2;
    private static readonly int[] Batches = [1, 8];

    public IEnumerable<RatioRow> Run()
    {
        foreach (var preset in new[] { TdvPreset.Tiny, TdvPreset.Small })
        {
            using var model = TinySize.Create(preset);
            foreach (int batch in Batches)
            {
                string name = $"{preset}, batch {batch}";
                var onnx = BareNetwork.Of(model, TdvEngine.OnnxRuntime, batch);
                var torch = BareNetwork.Of(model, TdvEngine.TorchSharp, batch);
                Backend.AsFound();
                double ratio = Interleaved.TimeRatio(torch, onnx, rounds: 15);
                yield return RatioRow.AtLeast($"ONNX Runtime / TorchSharp as it starts, {name}", ratio, Bar);
                Backend.AsOurs();
                ratio = Interleaved.TimeRatio(torch, onnx, rounds: 15);
                yield return RatioRow.Reported($"ONNX Runtime / TorchSharp with oneDNN, {name}", ratio);
            }
        }
    }
}
