using Microsoft.ML;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>
/// A whole pretraining of ten thousand steps, data included: whether the trainer waits for data, and whether step time
/// and memory stay as they are.
/// </summary>
internal sealed class LongRunBenchmark : IRatioBenchmark
{
    private const int Steps = 10_000;
    private readonly double[] _seconds = new double[Steps];
    private readonly double[] _memory = new double[Steps];
    private TimeSpan _firstPass;
    private TimeSpan _firstWaiting;
    private TimeSpan _elapsed;
    private TimeSpan _waiting;

    public IEnumerable<RatioRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("tdv-training").FullName;
        try
        {
            Backend.AsOurs();
            string video = Path.Combine(folder, "video.mp4");
            TestVideo.Write(video, minutes: 2);
            Train(video);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        double trained = (_elapsed - _firstPass).TotalSeconds;
        yield return RatioRow.AtMost(
            "Tiny, 1 pair: share of time spent waiting for data, from the second pass on",
            (_waiting - _firstWaiting).TotalSeconds / trained,
            0.02
        );
        yield return Steady("step time", _seconds);
        yield return Steady("resident memory", _memory);
    }

    private void Train(string video)
    {
        var ml = new MLContext(1);
        var last = TimeSpan.Zero;
        var options = new TdvOptions
        {
            Steps = Steps,
            BatchSize = 1,
            ImageSize = TinySize.Pixels,
            Progress = new Inline(report =>
            {
                _seconds[report.Step - 1] = (report.Elapsed - last).TotalSeconds;
                _memory[report.Step - 1] = ProcessMemory.NowMiB();
                last = report.Elapsed;
                (_elapsed, _waiting) = (report.Elapsed, report.Waiting);
                if (report.Pass <= 1)
                {
                    (_firstPass, _firstWaiting) = (report.Elapsed, report.Waiting);
                }
            }),
        };
        ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(ml.Data.LoadFromVideos(video)).Dispose();
    }

    /// <summary>Within 3 %: the fastest tenth of the steps, which a busy machine leaves alone, and the middle of memory.</summary>
    private static RatioRow Steady(string what, double[] values)
    {
        double share = what == "step time" ? 0.1 : 0.5;
        double ratio = Quantile(values[9_000..], share) / Quantile(values[100..1_100], share);
        return RatioRow.AtMost($"Tiny, 1 pair: {what}, steps 9,000 to 10,000 / 100 to 1,100", ratio, 1.03);
    }

    private static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    private sealed class Inline(Action<StepReport> action) : IProgress<StepReport>
    {
        public void Report(StepReport value) => action(value);
    }
}
