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

    [Theory]
    [InlineData(11.9, 9, 5, "over all patches 11.9, untrained 16.0")]
    [InlineData(12, 1, 1.1, "within a frame 1.0, untrained 10.0; between videos 1.1, untrained 5.0")]
    public void Ranks_far_below_the_untrained_networks_are_said_once_warm(
        double rank,
        double frameRank,
        double videoRank,
        string expected
    )
    {
        var lost = Compared(rank, frameRank, videoRank);

        string advice = Assert.Single(Advise(Enumerable.Range(1, 100).Select(step => Report(step, 0.5, lost))));

        Assert.StartsWith(
            "Step 11: The features use less than three quarters of the dimensions that the untrained network's did",
            advice,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Begin anew with TdvOptions.Regularization (in tdv: --regularization) on",
            advice,
            StringComparison.Ordinal
        );
        Assert.Contains($"({expected})", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_quarters_of_the_untrained_networks_ranks_is_enough()
    {
        Assert.Empty(Advise(Enumerable.Range(1, 100).Select(step => Report(step, 0.5, Compared(12, 7.5, 3.75)))));
        // A training that was begun before they were measured.
        Assert.Empty(HealthAdvice.LostRanks(Compared(1, 1, 1) with { Untrained = null }));
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
            "Step 61: Predictions are no better than 'nothing moves' after half of the training.",
            Assert.Single(Advise(Enumerable.Range(1, 100).Select(step => Report(step, -0.1, Healthy)))),
            StringComparison.Ordinal
        );

    [Fact]
    public void Steps_in_which_nothing_moves_leave_the_others_their_say()
    {
        Assert.Empty(
            Advise(Enumerable.Range(1, 100).Select(step => Report(step, step % 2 == 0 ? double.NaN : 0.3, Healthy)))
        );
        Assert.EndsWith(
            "prediction gain none, nothing moves)",
            Assert.Single(Advise(Enumerable.Range(1, 100).Select(step => Report(step, double.NaN, Healthy)))),
            StringComparison.Ordinal
        );
    }

    private static FeatureHealth Compared(double rank, double frameRank, double videoRank) =>
        new(1, 0.8, rank, 0.9)
        {
            Spread = new FeatureSpread(rank, frameRank, videoRank, 0.1, 0.2, 0.3, 0.4),
            Untrained = new FeatureSpread(16, 10, 5, 0.1, 0.2, 0.3, 0.4),
        };

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
