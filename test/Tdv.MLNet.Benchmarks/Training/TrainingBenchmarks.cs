namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>What <c>bench training</c> runs, in this order.</summary>
internal static class TrainingBenchmarks
{
    public static IReadOnlyList<IRatioBenchmark> All { get; } =
    [new OptimizerBenchmark(), new StepBenchmark(), new StepMemoryBenchmark(), new LongRunBenchmark()];
}
