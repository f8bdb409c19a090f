using Tdv.MLNet.Benchmarks;
using Tdv.MLNet.Benchmarks.Featurizing;

return args switch
{
    ["memory", .. var minutes] => MemoryBenchmark.Run(minutes.Length > 0 ? [.. minutes.Select(int.Parse)] : [1, 30]),
    ["memory-of", var task, var video] => MemoryBenchmark.Measure(task, video),
    ["featurizing"] => RatioTable.Run("featurizing", FeaturizingBenchmarks.All),
    ["painting"] => RatioTable.Run("painting", FeaturizingBenchmarks.Painting),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: ./build.sh bench NAME

          memory [MINUTES ...]   peak memory of pretraining and of predicting, by length of video (default: 1 30)
          featurizing            ratios of featurizing, held to their bars; also in artifacts/bench/featurizing.json
          painting               the part of it that labels pixels and paints videos
        """
    );
    return 2;
}
