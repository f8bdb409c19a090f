using System.Globalization;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>Peak memory of painting a long video against a short one, each in a process of its own.</summary>
internal sealed class PaintingMemoryBenchmark : IRatioBenchmark
{
    private const double Bar = 1.05;
    private const int Runs = 3;

    /// <summary>Few, so that half an hour of video is painted in minutes.</summary>
    private const int FramesPerSecond = 10;

    public IEnumerable<RatioRow> Run()
    {
        using var model = new PaintingModel(size: 96, seconds: 1, featureSize: 64);
        double half = MedianPeak(model, 30);
        double one = MedianPeak(model, 1);
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"memory 30-minute / 1-minute video ({half:F0} / {one:F0} MiB)"
        );
        yield return RatioRow.AtMost(name, half / one, Bar);
    }

    /// <summary>The peak depends on when garbage is collected: by a twentieth between two runs.</summary>
    private static double MedianPeak(PaintingModel model, int minutes)
    {
        string video = Path.Combine(model.Folder, $"{minutes}.mp4");
        TestVideo.Write(video, minutes, FramesPerSecond);
        var peaks = Enumerable
            .Range(0, Runs)
            .Select(_ => ChildProcess.Run("memory-of", MemoryBenchmark.PaintTask, video))
            .Select(peak => double.Parse(peak, CultureInfo.InvariantCulture));
        return peaks.Order().ElementAt(Runs / 2);
    }
}
