using System.Text.Json.Nodes;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Steps as a run's files have them.</summary>
internal static class RecordedSteps
{
    public static int[] In(string path) =>
        [.. File.ReadLines(path).Select(line => (int)JsonNode.Parse(line)!["step"]!)];

    public static StepReport Of(int step) =>
        new()
        {
            Step = step,
            Steps = 10,
            Loss = 2.5,
            MeanSquaredError = 1,
            ClsLoss = 1,
            PatchLoss = 1,
            PredictionGain = double.NaN,
            LearningRate = 1e-3,
            GradientNorm = 1,
            PairsPerSecond = 10,
            Elapsed = TimeSpan.Zero,
            Remaining = TimeSpan.Zero,
            Pass = 0,
            Waiting = TimeSpan.Zero,
            Health = new FeatureHealth(7, 0.8, 4, 0.9),
        };
}
