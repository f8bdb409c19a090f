using Microsoft.ML;
using Tdv.MLNet.Tests.Training;
using Tdv.Tool.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class FlowReadingRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_error_of_a_cell_is_the_length_of_the_difference_where_the_truth_is_known()
    {
        float[][] truth =
        [
            [3, 4, float.NaN, float.NaN],
            [1, 1, 2, 0],
        ];
        float[][] estimate =
        [
            [0, 0, 7, 7],
            [1, 1, 0, 0],
        ];

        // (5 + 0 + 2) / 3.
        Assert.Equal(7 / 3.0, FlowReading.CellError(truth, estimate), 1e-6);
    }

    [Fact]
    public void Every_kind_of_features_is_read_and_gives_flow_in_the_pixels_of_the_pair()
    {
        using var data = new ToyData(frames: 2);
        string[] frames = [.. new[] { 0, 1 }.Select(i => Path.Combine(data.FrameFolder, ToyData.Name(i)))];
        var pair = new FlowPair("toy", frames[0], frames[1], "");
        using var contender = new Contender(
            Contender.Untrained,
            TdvTrainerTests.Network.PatchSize,
            TdvModel.Create(TdvTrainerTests.Network, seed: 1)
        );
        int size = 4 * contender.PatchSize;
        var reading = new FlowReading(_ml, null, null, new ReadingSettings(size, Pairs: 12, HeldOut: 4));
        ReadFeatures[] kinds =
        [
            ReadFeatures.MotionAlone,
            ReadFeatures.Motion,
            ReadFeatures.MotionAndFrame,
            ReadFeatures.Frames,
        ];
        double still = reading.StandingStill(contender.PatchSize);
        var names = new List<string>();

        Assert.InRange(still, 0.01, size / 6.0);
        foreach (var fitted in reading.Read(contender, kinds))
        {
            names.Add(fitted.Features);
            var flow = fitted.Estimate(pair);
            Assert.Equal((ToyData.Height, ToyData.Width), (flow.Height, flow.Width));
            Assert.DoesNotContain(false, flow.Valid);
            Assert.InRange(fitted.MadeError, 0, 3 * still);
        }

        Assert.Equal(kinds.Select(kind => kind.Name), names);
    }

    [Fact]
    public void Flow_of_cells_becomes_that_of_pixels()
    {
        // A reading that knows nothing but the mean: every cell gives it, and a pair three times as large gives three times as much.
        using var data = new ToyData(frames: 2);
        string[] frames = [.. new[] { 0, 1 }.Select(i => Path.Combine(data.FrameFolder, ToyData.Name(i)))];
        var rows = _ml.Data.MakeMovingPairs(
            null,
            new MovingPairOptions
            {
                Pairs = 6,
                ImageHeight = 32,
                ImageWidth = 32,
                MaxDisplacement = 5,
            }
        );
        using var contender = new Contender(Contender.RawPixels, 8, null);
        var featurizer = ReadFeatures.Columnize(_ml, contender, 32).Fit(rows);
        var options = new FlowReadingOptions
        {
            FeatureColumnNames = ["Features"],
            Neighborhood = 0,
            Regularization = 1e12,
        };
        var read = _ml.Transforms.ReadFlow(FlowReading.Predicted, options).Fit(featurizer.Transform(rows));
        var (u, v) = (read.Reader.Map.Bias[0], read.Reader.Map.Bias[1]);
        var fitted = new FittedReading(_ml, "mean", featurizer.Append(read), 32, 0);

        var flow = fitted.Estimate(new("toy", frames[0], frames[1], ""));

        Assert.True(Math.Abs(u) + Math.Abs(v) > 1e-3f);
        Assert.All(flow.U, number => Assert.Equal(u * ToyData.Width / 32f, number, 1e-3f));
        Assert.All(flow.V, number => Assert.Equal(v * ToyData.Height / 32f, number, 1e-3f));
    }
}
