using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

public class ScheduleAdviceTests
{
    [Fact]
    public void A_warm_up_longer_than_the_training_is_told() =>
        Assert.Equal(
            "The learning rate still rises when the training ends: WarmUpSteps is 10000, Steps is 5000, and the last rate is "
                + "0.5 of LearningRate. Set WarmUpSteps, for instance to 500.",
            Assert.Single(On(new TdvOptions { Preset = TdvPreset.Small, Steps = 5000 }))
        );

    [Fact]
    public void A_warm_up_of_most_of_the_training_is_told() =>
        Assert.Equal(
            "The learning rate rises for more than half of the training: WarmUpSteps is 1600, Steps is 3000. Set WarmUpSteps, for "
                + "instance to 300.",
            Assert.Single(On(new TdvOptions { WarmUpSteps = 1600 }))
        );

    [Fact]
    public void A_schedule_that_does_not_come_down_within_the_steps_is_told() =>
        Assert.Equal(
            "The learning rate hardly falls: the schedule of Base is the published one, of 3000000 steps, and after your 5000 "
                + "it is 1 of LearningRate. The paper trains so; for a short training, TdvPreset.Tiny's schedule ends with its "
                + "steps.",
            Assert.Single(
                On(
                    new TdvOptions
                    {
                        Preset = TdvPreset.Base,
                        Steps = 5000,
                        WarmUpSteps = 500,
                    }
                )
            )
        );

    [Theory]
    [InlineData(TdvPreset.Tiny, null)]
    [InlineData(TdvPreset.Tiny, 5)]
    [InlineData(TdvPreset.Tiny, 100_000)]
    [InlineData(TdvPreset.Small, null)]
    [InlineData(TdvPreset.Base, null)]
    public void The_presets_own_schedules_fit(TdvPreset preset, int? steps) =>
        Assert.Empty(On(new TdvOptions { Preset = preset, Steps = steps }));

    private static IEnumerable<string> On(TdvOptions options) =>
        ScheduleAdvice.On(options, Recipe.From(options).Training);
}
