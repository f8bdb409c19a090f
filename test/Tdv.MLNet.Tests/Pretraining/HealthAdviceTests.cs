using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

public sealed class HealthAdviceTests
{
    private static readonly FeatureHealth Healthy = new(1, 0.8, 4, 0.9);

    [Fact]
    public void A_healthy_training_is_not_disturbed() =>
        Assert.Empty(Advise(Enumerable.Range(1, 100).Select(step => Report(step, 0.5, Healthy))));

    [Theory]
    [InlineData(0.27, 1.1, 0.9, "The features collapse")]
    [InlineData(0.05, 4, 0.9, "The features collapse")]
    [InlineData(0.8, 4, 0.001, "The teacher has made up its mind")]
    [InlineData(0.8, 4, 0.9995, "The teacher tells no prototypes apart")]
    public void What_goes_wrong_is_said_once(double deviation, double rank, double entropy, string expected)
    {
        var sick = new FeatureHealth(1, deviation, rank, entropy);

        string advice = Assert.Single(Advise(Enumerable.Range(11, 80).Select(step => Report(step, 0.5, sick))));

        Assert.StartsWith($"Step 11: {expected}", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_back_is_said_again()
    {
        var collapsed = new FeatureHealth(1, 0.2, 1, 0.9);

        Assert.Equal(2, Advise([Report(1, 0, collapsed), Report(2, 0, Healthy), Report(3, 0, collapsed)]).Length);
    }

    [Fact]
    public void A_prediction_that_never_gets_better_than_nothing_moves_is_said_after_half_of_the_training() =>
        Assert.StartsWith(
            "Step 61: Predictions are worse than 'nothing moves' after half of the training.",
            Assert.Single(Advise(Enumerable.Range(1, 100).Select(step => Report(step, -0.1, Healthy)))),
            StringComparison.Ordinal
        );

    private static string[] Advise(IEnumerable<StepReport> reports)
    {
        var advice = new HealthAdvice();
        return [.. reports.SelectMany(report => advice.On(report, warmUpSteps: 10))];
    }

    private static StepReport Report(int step, double gain, FeatureHealth health) =>
        new()
        {
            Step = step,
            Steps = 100,
            Loss = 1,
            MeanSquaredError = 1,
            ClsLoss = 1,
            PatchLoss = 1,
            PredictionGain = gain,
            LearningRate = 1e-3,
            GradientNorm = 1,
            PairsPerSecond = 10,
            Elapsed = TimeSpan.Zero,
            Remaining = TimeSpan.Zero,
            Pass = 0,
            Waiting = TimeSpan.Zero,
            Health = health,
        };
}
