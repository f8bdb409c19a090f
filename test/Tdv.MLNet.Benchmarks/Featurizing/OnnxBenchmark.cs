using Microsoft.ML.OnnxRuntime;
using Tdv.MLNet.Featurizing;
using static TorchSharp.torch;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>The exported network in ONNX Runtime against the same network in TorchSharp, float32, on the CPU.</summary>
internal sealed class OnnxBenchmark : IRatioBenchmark
{
    private const double Bar = 1.2;
    private static readonly int[] Batches = [1, 8];

    public IEnumerable<RatioRow> Run()
    {
        foreach (var preset in new[] { TdvPreset.Tiny, TdvPreset.Small })
        {
            using var model = TdvModel.Create(preset, 1);
            using var session = Session(model);
            foreach (int batch in Batches)
            {
                double ratio = Measure(model, session, batch);
                yield return RatioRow.AtLeast($"ONNX Runtime / TorchSharp, {preset}, batch {batch}", ratio, Bar);
            }
        }
    }

    private static double Measure(TdvModel model, InferenceSession session, int batch)
    {
        int size = model.ImageSize;
        byte[] pixels = new byte[batch * size * size * FramePixels.Channels];
        new Random(1).NextBytes(pixels);
        using var images = FramePixels.ToTensor(pixels, batch, size, size, CPU);
        float[] values = [.. pixels.Select(value => (float)value)];
        using var input = OrtValue.CreateTensorValueFromMemory(values, [batch, FramePixels.Channels, size, size]);
        using var run = new RunOptions();
        return Interleaved.TimeRatio(
            () =>
            {
                using var scope = NewDisposeScope();
                using var gradients = inference_mode();
                model.Network.FrameEncoder.Forward(images);
            },
            () =>
            {
                using var results = session.Run(run, ["Frame"], [input], ["Features"]);
            },
            rounds: 15
        );
    }

    private static InferenceSession Session(TdvModel model)
    {
        string path = Path.GetTempFileName();
        try
        {
            model.ExportOnnx(path);
            using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            return new InferenceSession(File.ReadAllBytes(path), options);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
