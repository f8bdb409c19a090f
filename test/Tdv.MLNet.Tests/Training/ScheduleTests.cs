using Tdv.MLNet.Training;
using Xunit;

namespace Tdv.MLNet.Tests.Training;

public sealed class ScheduleTests
{
    private static readonly Schedule Example = new(Peak: 1, WarmUpSteps: 4, TotalSteps: 12, Floor: 0.1);

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(3, 1)]
    [InlineData(7, 0.55)]
    [InlineData(11, 0.1)]
    public void Rises_linearly_to_the_peak_and_falls_as_a_cosine_to_the_floor(long step, double expected) =>
        Assert.Equal(expected, Example.LearningRate(step), tolerance: 1e-12);

    [Fact]
    public void The_floor_is_the_same_for_every_group() =>
        Assert.Equal(0.1, Example.LearningRate(11, multiplier: 0.03), tolerance: 1e-12);
}
