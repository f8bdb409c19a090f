namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>What <c>bench featurizing</c> runs, in this order.</summary>
internal static class FeaturizingBenchmarks
{
    public static IReadOnlyList<IRatioBenchmark> All { get; } = [new OnnxBenchmark(), new PipelineBenchmark()];
}
