using Tdv.MLNet.Benchmarks;
using Tdv.MLNet.Benchmarks.Featurizing;
using Tdv.MLNet.Benchmarks.Motion;
using Tdv.MLNet.Benchmarks.Training;

return args switch
{
    ["memory", .. var minutes] => MemoryBenchmark.Run(minutes.Length > 0 ? [.. minutes.Select(int.Parse)] : [1, 30]),
    ["memory-of", var task, var video] => MemoryBenchmark.Measure(task, video),
    [StepMemoryBenchmark.Verb, var kind] => StepMemoryBenchmark.Measure(kind),
    ["training"] => TrainingBenchmarks.RunAll(),
    ["training", var part] => TrainingBenchmarks.Run(part) ?? Usage(),
    ["featurizing"] => RatioTable.Run("featurizing", FeaturizingBenchmarks.All),
    ["painting"] => RatioTable.Run("painting", FeaturizingBenchmarks.Painting),
    ["precision"] => RatioTable.Run("precision", [new PrecisionBenchmark()]),
    ["propagation"] => RatioTable.Run(
        "propagation",
        [new PropagationBenchmark(PropagationBenchmark.Frames), new PropagationMemoryBenchmark()]
    ),
    ["propagation", "memory"] => RatioTable.Run("propagation", [new PropagationMemoryBenchmark()]),
    ["propagation", var frames] => RatioTable.Run("propagation", [new PropagationBenchmark(int.Parse(frames))]),
    [PropagationMemoryBenchmark.Verb, var frames] => PropagationMemoryBenchmark.Measure(int.Parse(frames)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: ./build.sh bench NAME

          memory [MINUTES ...]   peak memory of pretraining and of predicting, by length of video (default: 1 30)
          training [PART]        ratios of training steps, held to their bars; also in artifacts/bench/training.json
                                 (parts: optimizer, step, memory, long)
          featurizing            ratios of featurizing, held to their bars; also in artifacts/bench/featurizing.json
          painting               the part of it that labels pixels and paints videos
          propagation [FRAMES | memory]
                                 carrying masks against the network alone (default: 100 frames), and its memory
          precision              the part of it that compares bfloat16 with float32
        """
    );
    return 2;
}
