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

    [Fact]
    public void A_training_from_before_there_was_a_regularization_goes_on_without_one_and_only_so()
    {
        var before = Run(("Training.WeightDecay", "0.01")) with { Options = Options(("Seed", "1")) };

        Assert.Empty(Of(TdvRegularization.None, "0").Differences(before));
        Assert.Equal(
            ["Regularization was none; now it is variance 1, covariance 1."],
            Of(new TdvRegularization(), "1").Differences(before)
        );

        static RunDescription Of(TdvRegularization regularization, string weight)
        {
            var options = new TdvOptions { Regularization = regularization };
            var described = RunDescription.Of(options, Recipe.From(options), 1, TorchSharp.torch.CPU);
            return Run(
                ("Training.WeightDecay", "0.01"),
                ("Training.Objective.Regularization.VarianceWeight", weight),
                ("Training.Objective.Regularization.CovarianceWeight", weight)
            ) with
            {
                Options = described.Options.Where(o => o.Key is "Seed" or "Regularization").ToDictionary(),
            };
        }
    }

    [Theory]
    [InlineData(1, 0.5, "variance 1, covariance 0.5")]
    [InlineData(0, 0, "none")]
    public void The_regularization_is_an_option_and_its_weights_are_of_the_recipe(
        double variance,
        double covariance,
        string expected
    )
    {
        var options = new TdvOptions
        {
            Regularization = new() { VarianceWeight = variance, CovarianceWeight = covariance },
        };

        var described = RunDescription.Of(options, Recipe.From(options), 1, TorchSharp.torch.CPU);

        Assert.Equal(expected, described.Options["Regularization"]);
        Assert.Equal(
            FormattableString.Invariant($"{covariance}"),
            described.Recipe["Training.Objective.Regularization.CovarianceWeight"]
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
