using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class SpreadMeterTests
{
    private const int Positions = 6;
    private const int Dimension = 5;
    private static readonly string[] Videos = ["a", "b", "a", "c", "b", "a", "a"];

    public SpreadMeterTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void Shares_and_ranks_are_those_of_their_definitions()
    {
        using var generator = new Generator(1);
        var patches = nn.functional.normalize(
            randn([Videos.Length, Positions, Dimension], generator: generator)
                + randn([1, Positions, Dimension], generator: generator)
                + randn([Videos.Length, 1, Dimension], generator: generator),
            p: 2,
            dim: -1
        );
        using var meter = new SpreadMeter();
        // In two parts, with a CLS token that does not count and lengths that do not either.
        var tokens = cat([ones(Videos.Length, 1, Dimension) * 100, patches * 3], 1);
        meter.Add(tokens.narrow(0, 0, 3), Videos[..3]);
        meter.Add(tokens.narrow(0, 3, 4), Videos[3..]);

        var spread = meter.Measure();

        double[][][] x = [.. Enumerable.Range(0, Videos.Length).Select(f => Rows(patches[f]))];
        double[] mean = Mean(x.SelectMany(frame => frame));
        double[][] frames = [.. x.Select(Mean)];
        double[][] positions = [.. Enumerable.Range(0, Positions).Select(p => Mean(x.Select(frame => frame[p])))];
        var videos = Videos.Distinct().ToDictionary(v => v, v => Mean(frames.Where((_, f) => Videos[f] == v)));
        double total = x.Sum(frame => frame.Sum(row => Squared(row, mean)));
        double content = Sum((f, p, d) => x[f][p][d] - frames[f][d] - positions[p][d] + mean[d]);
        Assert.Equal(Sum((_, p, d) => positions[p][d] - mean[d]) / total, spread.PositionShare, 1e-6);
        Assert.Equal(Sum((f, _, d) => videos[Videos[f]][d] - mean[d]) / total, spread.VideoShare, 1e-6);
        Assert.Equal(Sum((f, _, d) => frames[f][d] - videos[Videos[f]][d]) / total, spread.TimeShare, 1e-6);
        Assert.Equal(content / total, spread.ContentShare, 1e-6);
        Assert.Equal(1, spread.PositionShare + spread.VideoShare + spread.TimeShare + spread.ContentShare, 1e-9);
        Assert.True(new[] { spread.PositionShare, spread.VideoShare, spread.TimeShare }.All(share => share > 0.01));
        Assert.Equal(Rank([.. x.SelectMany(frame => frame)]), spread.EffectiveRank, 1e-5);
        Assert.Equal(x.Average(Rank), spread.FrameRank, 1e-5);
        Assert.Equal(Rank([.. videos.Values]), spread.VideoRank, 1e-5);
        Assert.Equal(CollapseMonitor.Deviation(patches.flatten(0, 1)), meter.Deviation(), 1e-6);

        double Sum(Func<int, int, int, double> part) =>
            Enumerable
                .Range(0, Videos.Length)
                .Sum(f =>
                    Enumerable
                        .Range(0, Positions)
                        .Sum(p => Enumerable.Range(0, Dimension).Sum(d => Math.Pow(part(f, p, d), 2)))
                );
    }

    [Fact]
    public void Two_videos_that_differ_along_one_direction_have_rank_1_and_the_whole_share()
    {
        var a = tensor(new float[] { 1, 0, 0 }).expand(2, 5, 3);
        var b = tensor(new float[] { 0, 0, 1 }).expand(2, 5, 3);
        using var meter = new SpreadMeter();
        meter.Add(cat([a, b]), ["a", "a", "b", "b"]);

        Assert.Equal(new FeatureSpread(1, 0, 1, 0, 1, 0, 0), Rounded(meter.Measure()));
    }

    [Fact]
    public void Positions_that_are_the_same_in_every_frame_take_the_whole_share()
    {
        using var meter = new SpreadMeter();
        // The first token is no patch.
        meter.Add(eye(4).unsqueeze(0).expand(3, 4, 4), ["a", "b", "b"]);

        // Three unit vectors: two eigenvalues, the same.
        Assert.Equal(new FeatureSpread(2, 2, 0, 1, 0, 0, 0), Rounded(meter.Measure()));
    }

    [Fact]
    public void What_does_not_vary_has_no_rank_and_no_shares()
    {
        using var meter = new SpreadMeter();
        meter.Add(tensor(new float[] { 0.3f, -2, 0.7f }).expand(3, 4, 3), ["a", "b", "b"]);

        Assert.Equal(new FeatureSpread(0, 0, 0, 0, 0, 0, 0), meter.Measure());
        Assert.InRange(meter.Deviation(), 0, 1e-6);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        var tokens = randn(2, 4, 3);
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        using (var meter = new SpreadMeter())
        {
            meter.Add(tokens, ["a", "b"]);
            meter.Add(tokens, ["a", "c"]);
            meter.Measure();
            meter.Deviation();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static FeatureSpread Rounded(FeatureSpread spread) =>
        new(
            Math.Round(spread.EffectiveRank, 6),
            Math.Round(spread.FrameRank, 6),
            Math.Round(spread.VideoRank, 6),
            Math.Round(spread.PositionShare, 6),
            Math.Round(spread.VideoShare, 6),
            Math.Round(spread.TimeShare, 6),
            Math.Round(spread.ContentShare, 6)
        );

    private static double[][] Rows(Tensor rows) =>
        [.. rows.to(ScalarType.Float64).data<double>().ToArray().Chunk(Dimension)];

    private static double[] Mean(IEnumerable<double[]> rows)
    {
        double[][] all = [.. rows];
        return [.. Enumerable.Range(0, Dimension).Select(d => all.Average(row => row[d]))];
    }

    private static double Squared(double[] a, double[] b) => a.Zip(b).Sum(p => Math.Pow(p.First - p.Second, 2));

    /// <summary>By singular values instead of eigenvalues.</summary>
    private static double Rank(double[][] rows)
    {
        double[] mean = Mean(rows);
        var centered = tensor(rows.SelectMany(row => row.Zip(mean, (x, m) => x - m)).ToArray())
            .view(rows.Length, Dimension);
        double[] squares = [.. linalg.svdvals(centered).data<double>().ToArray().Select(s => s * s)];
        double sum = squares.Sum();
        return Math.Exp(-squares.Where(s => s > 1e-20).Sum(s => s / sum * Math.Log(s / sum)));
    }
}
