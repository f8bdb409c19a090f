using Tdv.MLNet.Torch;
using Xunit;

namespace Tdv.MLNet.Parity;

/// <summary>Whether a case is held to the tolerances that are its own.</summary>
public sealed class ToleranceTests
{
    private const int Native = 28;
    private const int Wide = 42;

    [Theory]
    [InlineData("f64_", Native, 0, true)]
    [InlineData("f64_", Native, 1e-6, false)]
    [InlineData("f64_", Wide, 1e-6, true)]
    [InlineData("f64_", Wide, 1e-4, false)]
    [InlineData("", Native, 1e-6, true)]
    [InlineData("", Wide, 1e-6, true)]
    [InlineData("", Wide, 1e-4, false)]
    public void Frames_of_another_size_are_held_to_what_interpolation_costs(
        string run,
        int width,
        double error,
        bool accepted
    )
    {
        using var training = new SyntheticTraining(width, error);

        string[] missed = Missed(training, run);

        Assert.True(accepted == (missed.Length == 0), string.Join('\n', missed));
    }

    [Theory]
    [InlineData(null, 5e-3)]
    [InlineData(4e-3, 8e-3)]
    [InlineData(1e-3, 2e-3)]
    public void A_state_is_held_to_twice_the_distance_that_the_reference_states_of_its_own(double? stated, double limit)
    {
        using var training = new SyntheticTraining(Wide, error: 6e-3, stated);

        bool missed = Missed(training, "f64_")
            .Any(text => text.Contains("state after step 2", StringComparison.Ordinal));

        Assert.Equal(limit, new Tolerance(training.Golden, exact: true, mixed: true).States(2));
        Assert.Equal(6e-3 > limit, missed);
    }

    [Fact]
    public void The_reference_states_numbers_one_for_each_tensor_or_pairs()
    {
        string folder = Directory.CreateTempSubdirectory("tdv-golden-").FullName;
        string path = Path.Combine(folder, "case.json");
        File.WriteAllText(
            path,
            """
            {
              "float32_vs_float64_loss_max_abs": 2e-6,
              "float32_vs_float64_state": { "a": 1e-3, "b": 2e-3 },
              "float32_vs_float64_grad_step1_max_abs_and_rel": { "a": [5, 1e-5], "b": [7, 2e-6] }
            }
            """
        );
        var golden = GoldenCase.Read(path);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(2e-6, golden.OwnDistance("loss_max_abs"));
        Assert.Equal(2e-3, golden.OwnDistance("state"));
        Assert.Null(golden.OwnDistance("other"));
        Assert.Equal(2e-5, new Tolerance(golden, exact: false, mixed: true).Gradients);
        Assert.Equal(4e-5, new Tolerance(golden, exact: false, mixed: true).Losses(smallest: 0.1), tolerance: 1e-15);
        Assert.Equal((1e-11, 1e-11), (Exact().Gradients, Exact().Losses(smallest: 0.1)));

        Tolerance Exact() => new(golden, exact: true, mixed: false);
    }

    private static string[] Missed(SyntheticTraining training, string run)
    {
        // Not disposed: that would print it.
#pragma warning disable CA2000
        var report = new ParityReport();
#pragma warning restore CA2000
        new TrainingParity(report).Check(training.Golden, run);
        return report.Missed('E');
    }
}
