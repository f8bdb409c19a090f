using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

public sealed class RunDescriptionTests
{
    [Fact]
    public void A_number_that_left_the_recipe_with_its_feature_does_not_keep_a_training_from_going_on()
    {
        var earlier = Run(("Training.Objective.Rollout", "1"), ("Training.WeightDecay", "0.01"));

        Assert.Empty(Run(("Training.WeightDecay", "0.01")).Differences(earlier));
        Assert.Equal(
            ["Training.WeightDecay was 0.01; now it is 0.02.", "Training.New was not set; now it is 1."],
            Run(("Training.WeightDecay", "0.02"), ("Training.New", "1")).Differences(earlier)
        );
    }

    [Fact]
    public void Options_that_were_called_otherwise_do_not_keep_a_training_from_going_on()
    {
        var now = Run() with { Options = Options(("LearningRate", "0.002"), ("Precision", "Float32")) };

        Assert.Empty(
            now.Differences(Run() with { Options = Options(("PeakLearningRate", "0.002"), ("Precision", "Full")) })
        );
        Assert.Equal(
            ["LearningRate was 0.1; now it is 0.002.", "Precision was BFloat16; now it is Float32."],
            now.Differences(Run() with { Options = Options(("PeakLearningRate", "0.1"), ("Precision", "Mixed")) })
        );
    }

    private static Dictionary<string, string> Options(params (string Name, string Value)[] options) =>
        options.ToDictionary(entry => entry.Name, entry => entry.Value);

    private static RunDescription Run(params (string Name, string Value)[] recipe) =>
        new()
        {
            Options = new Dictionary<string, string>(),
            Recipe = recipe.ToDictionary(entry => entry.Name, entry => entry.Value),
            Machine = new Dictionary<string, string>(),
        };
}
