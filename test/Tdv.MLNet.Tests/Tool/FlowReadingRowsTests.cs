using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Motion;
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
        var reading = new FlowReading(_ml, null, null, new ReadingSettings(size, Pairs: 12, HeldOut: 4, Passes: 2));
        ReadFeatures[] kinds = [ReadFeatures.Motion, ReadFeatures.MotionAndFrame, ReadFeatures.Frames];
        double still = reading.StandingStill(contender.PatchSize);
        var names = new List<string>();

        Assert.InRange(still, 0.01, size / 6.0);
        foreach (var fitted in reading.Read(contender, kinds))
        {
            names.Add(fitted.Features);
            var flow = fitted.Estimate(pair);
            Assert.Equal((ToyData.Height, ToyData.Width), (flow.Height, flow.Width));
            Assert.DoesNotContain(false, flow.Valid);
            Assert.InRange(fitted.MadeError(), 0, 3 * still);
        }

        Assert.Equal(kinds.Select(kind => kind.Name), names);
    }

    [Fact]
    public void Flow_that_features_hold_for_certain_is_read_and_points_the_right_way_in_any_picture()
    {
        // The control of all figures: from pictures to features, head and the flow of pictures of another size.
        const int size = 48;
        using var contender = new Contender(Contender.RawPixels, 8, null);
        var reading = new FlowReading(_ml, null, null, new ReadingSettings(size, Pairs: 200, HeldOut: 30));
        var fitted = Assert.Single(reading.Read(contender, ReadFeatures.Correlations).Take(1));
        double still = reading.StandingStill(contender.PatchSize);
        double made = fitted.MadeError();
        Assert.True(made < 0.5 * still, $"{made} of {still}");

        // A texture that moves 16 to the right and 12 up, in a picture of another size and shape: 4 and 4 pixels of 48.
        using var folder = new TemporaryFolder();
        using var texture = TextureNoise.Draw(new Random(5));
        var (from, to) = (folder["from.png"], folder["to.png"]);
        texture[new Rect(40, 40, 192, 144)].SaveImage(from);
        texture[new Rect(24, 52, 192, 144)].SaveImage(to);
        var flow = fitted.Estimate(new("moved", from, to, ""));
        int[] inner =
        [
            .. Enumerable.Range(0, 192 * 144).Where(i => i % 192 is >= 32 and < 144 && i / 192 is >= 48 and < 128),
        ];

        Assert.Equal((144, 192), (flow.Height, flow.Width));
        Assert.InRange(inner.Average(i => flow.U[i]), 11.5, 20.5);
        Assert.InRange(inner.Average(i => flow.V[i]), -15.5, -8.5);
    }

    [Fact]
    public void Pairs_that_would_take_too_much_memory_are_made_in_each_pass()
    {
        // A pair of 1,024 × 1,024 pixels takes 8 MiB.
        var options = new MovingPairOptions
        {
            Pairs = 127,
            ImageHeight = 1024,
            ImageWidth = 1024,
        };
        var many = _ml.Data.MakeMovingPairs(null, options);
        var few = _ml.Data.MakeMovingPairs(null, new MovingPairOptions { Pairs = 3 });

        Assert.Same(many, KeptPair.Keep(_ml, many));
        var kept = KeptPair.Keep(_ml, few);
        Assert.NotSame(few, kept);
        Assert.Equal(few.GetColumn<float[]>("Flow"), kept.GetColumn<float[]>("Flow"));
    }

    [Fact]
    public void Pictures_come_from_a_folder_of_them_or_from_videos()
    {
        using var data = new ToyData(frames: 5);
        File.WriteAllText(Path.Combine(data.FrameFolder, "notes.txt"), "no picture");

        var rows = PictureSource.Load(_ml, [data.FrameFolder]);

        Assert.Equal(5, rows.GetColumn<MLImage>("Frame").Count(image => image.Width == ToyData.Width));
    }
}
