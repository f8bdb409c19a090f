using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Benchmarks.Motion;

/// <summary>Peak memory of carrying a mask through a long video against a short one, each in a process of its own.</summary>
internal sealed class PropagationMemoryBenchmark : IRatioBenchmark
{
    public const string Verb = "propagation-memory-of";
    private const double Bar = 1.05;
    private const int Runs = 3;
    private const int Long = 3000;
    private const int Short = 100;

    public IEnumerable<RatioRow> Run()
    {
        double many = MedianPeak(Long);
        double few = MedianPeak(Short);
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"memory of masks, {Long} / {Short} frames ({many:F0} / {few:F0} MiB)"
        );
        yield return RatioRow.AtMost(name, many / few, Bar);
    }

    /// <summary>The child process: carries a mask through so many frames and prints its peak memory in MiB.</summary>
    public static int Measure(int frames)
    {
        var ml = new MLContext(1);
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        var film = GridFrame.Film(Short);
        var rows = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, frames).Select(i => i < Short ? film[i] : film[1 + (i % (Short - 1))])
        );
        var options = new TdvFeatureOptions { ImageHeight = 48, ImageWidth = 80 };
        var features = ml.Transforms.TdvFeaturize("Features", "Frame", model, options).Fit(rows).Transform(rows);
        var masks = ml.Data.PropagateMasks(
            features,
            new() { VideoColumnName = null, ConfidenceColumnName = "Confidence" }
        );
        using var cursor = masks.GetRowCursor([masks.Schema["PropagatedMask"], masks.Schema["Confidence"]]);
        var getMask = cursor.GetGetter<VBuffer<uint>>(masks.Schema["PropagatedMask"]);
        var getConfidence = cursor.GetGetter<VBuffer<float>>(masks.Schema["Confidence"]);
        VBuffer<uint> mask = default;
        VBuffer<float> confidence = default;
        int count = 0;
        for (; cursor.MoveNext(); count++)
        {
            getMask(ref mask);
            getConfidence(ref confidence);
        }

        Trace.Assert(count == frames);
        Console.WriteLine($"{ProcessMemory.PeakMiB():F0}");
        return 0;
    }

    /// <summary>The peak depends on when garbage is collected.</summary>
    private static double MedianPeak(int frames)
    {
        string count = frames.ToString(CultureInfo.InvariantCulture);
        var peaks = Enumerable
            .Range(0, Runs)
            .Select(_ => double.Parse(ChildProcess.Run(Verb, count), CultureInfo.InvariantCulture));
        return peaks.Order().ElementAt(Runs / 2);
    }
}
