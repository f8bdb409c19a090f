namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>What <c>bench training</c> runs, in this order, or one part of it by name.</summary>
internal static class TrainingBenchmarks
{
    private static readonly Dictionary<string, IRatioBenchmark> Parts = new()
    {
        ["optimizer"] = new OptimizerBenchmark(),
        ["step"] = new StepBenchmark(),
        ["memory"] = new StepMemoryBenchmark(),
        ["long"] = new LongRunBenchmark(),
    };

    public static int RunAll() => RatioTable.Run("training", [.. Parts.Values]);

    /// <returns>The exit code; null if there is no such part.</returns>
    public static int? Run(string part) =>
        Parts.TryGetValue(part, out var benchmark) ? RatioTable.Run("training-" + part, [benchmark]) : null;
}
