using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

/// <summary>What EstimateFlow and EstimateDisparity refuse, and how they say it.</summary>
public sealed class CellMatchingDoorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("\"Reach\":3", "\"Reach\":0", "EstimateFlow:\n- Radius is 0; it must be from 1 to 1024.")]
    [InlineData("\"OutputColumn\":\"Moved\"", "\"OutputColumn\":null", "EstimateFlow:\n- outputColumnName is empty.")]
    [InlineData("{", "[", "The JSON value could not be converted")]
    public void Damaged_settings_are_named(string good, string bad, string fault)
    {
        var settings = MatchSettings.Of("Moved", "From", "To", new FlowEstimationOptions { Radius = 3 });
        string json = JsonSerializer.Serialize(settings);
        Assert.Equal(settings, MatchSettings.Parse(json));
        var error = Assert.Throws<InvalidDataException>(() =>
            MatchSettings.Parse(json.Replace(good, bad, StringComparison.Ordinal))
        );

        Assert.StartsWith(
            "The saved model's step EstimateFlow or EstimateDisparity is damaged. ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" Save the model again.", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var options = new FlowEstimationOptions
        {
            Radius = 0,
            Aggregation = 17,
            DistancePenalty = -1,
            Neighborhood = -1,
            Temperature = 0,
            CellWidth = float.NaN,
            ValidColumnName = "",
        };
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.EstimateFlow("", "From", "To", options));

        Assert.Equal(
            "EstimateFlow cannot work with these arguments:\n- outputColumnName is empty.\n"
                + "- ValidColumnName is empty or that of the output; null is for none.\n"
                + "- Radius is 0; it must be from 1 to 1024.\n- Neighborhood is -1; it must be from 0 to 16.\n"
                + "- Aggregation is 17; it must be from 0 to 16.\n"
                + "- Temperature is 0; it must be above 0.\n- CellWidth is NaN; it must be above 0.\n"
                + "- DistancePenalty is -1; it must be at least 0.",
            error.Message
        );
    }

    [Fact]
    public void Features_of_two_sizes_and_numbers_that_are_none_are_refused()
    {
        var rows = _ml.Data.LoadFromEnumerable([new TwoGrids { TrueFlow = new float[96], Estimate = new float[24] }]);
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.EstimateFlow("Moved", "TrueFlow", "Estimate").Fit(rows)
        );
        Assert.Equal(
            "EstimateFlow cannot use these columns:\n- 'TrueFlow' is 6 × 8 × 2, 'Estimate' 3 × 4 × 2; both must come from the "
                + "same features at the same size.",
            error.Message
        );

        var pair = MovedPair.Create(0, 0);
        pair.To[5] = float.NaN;
        var view = _ml.Data.LoadFromEnumerable([pair]);
        var output = _ml.Transforms.EstimateFlow("Moved", "From", "To").Fit(view).Transform(view);
        Assert.Equal(
            $"Row 0: 'To' holds NaN (number 5 of {pair.To.Length}); finite numbers are expected. Look at what computes it: a training that has diverged, or damaged weights.",
            Assert.Throws<InvalidDataException>(() => output.GetColumn<float[]>("Moved").Single()).Message
        );
    }
}
