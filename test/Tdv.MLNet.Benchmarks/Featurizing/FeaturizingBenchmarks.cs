namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>What <c>bench featurizing</c> runs, in this order.</summary>
internal static class FeaturizingBenchmarks
{
    public static IReadOnlyList<IRatioBenchmark> All { get; } =
    [new OnnxBenchmark(), new PrecisionBenchmark(), new PipelineBenchmark(), .. Painting];

    /// <summary>What <c>bench painting</c> runs: labeling pixels and video alone.</summary>
    public static IReadOnlyList<IRatioBenchmark> Painting =>
        [new LinearScoringBenchmark(), new PredictBenchmark(), new PaintingMemoryBenchmark()];
}
