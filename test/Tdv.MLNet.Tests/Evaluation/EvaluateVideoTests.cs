using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class EvaluateVideoTests : IDisposable
{
    private const float Shift = 0.3f;
    private const int Pairs = 11;
    private readonly MLContext _ml = new(seed: 1);
    private readonly ToyData _toys = new(frames: Pairs + 1);

    public void Dispose() => _toys.Dispose();

    [Fact]
    public void Figures_are_those_of_the_features()
    {
        // A motion encoder that says the same of every token: then the features of the frames tell the whole result.
        using var model = TdvModel.Create(TdvTrainerTests.Network, seed: 1);
        using (no_grad())
        {
            model.Network.get_parameter("linear_fc.weight")!.zero_();
            model.Network.get_parameter("linear_fc.bias")!.fill_(Shift);
        }

        var frames = Frames();

        var metrics = _ml.Transforms.EvaluateVideo(frames, model, pairs: 100);

        var (previous, next) = (Tokens(frames, model, "PreviousFrame"), Tokens(frames, model, "Frame"));
        double error = Sum(previous, next, Shift);
        Assert.Equal(1 - (error / Sum(previous, next, 0)), metrics.PredictionGain, 3);
        Assert.Equal(Pairs, metrics.PairCount);
        Assert.Equal(Deviation(next), metrics.Deviation, 3);
        Assert.InRange(metrics.EffectiveRank, 1, TdvTrainerTests.Network.Dimension);
        Assert.Equal(metrics.EffectiveRank, metrics.Spread.EffectiveRank);
        // Every row counts as a video, so that time tells nothing.
        Assert.Equal(0, metrics.Spread.TimeShare, 1e-9);
    }

    [Fact]
    public void The_untrained_network_sees_the_same_frames()
    {
        using var same = TdvModel.Create(TdvTrainerTests.Network, seed: 0);
        using var other = TdvModel.Create(TdvTrainerTests.Network, seed: 1);

        var metrics = _ml.Transforms.EvaluateVideo(Frames(), same);
        var others = _ml.Transforms.EvaluateVideo(Frames(), other);

        Assert.Equal(metrics.CopiedInformation, metrics.UntrainedInformation, 1e-6);
        Assert.Equal(metrics.CopiedInformation, others.UntrainedInformation, 1e-6);
        Assert.NotEqual(others.CopiedInformation, others.UntrainedInformation, 1e-3);
        Assert.NotEqual(others.CopiedInformation, others.PredictedInformation, 1e-3);
        Assert.Equal(metrics.Spread, metrics.Untrained);
        Assert.Equal(metrics.Spread, others.Untrained);
        Assert.NotEqual(others.Spread, others.Untrained);
    }

    [Fact]
    public void Videos_are_told_by_their_column()
    {
        using var model = TdvModel.Create(TdvTrainerTests.Network, seed: 1);
        var spread = _ml.Transforms.EvaluateVideo(Frames(video: "one"), model).Spread;
        var alone = _ml.Transforms.EvaluateVideo(Frames(), model).Spread;

        Assert.Equal((0, 0), (spread.VideoRank, spread.VideoShare));
        // What was the video's is the time's now.
        Assert.Equal(alone.VideoShare, spread.TimeShare, 1e-9);
        Assert.True(spread.TimeShare > 0);
        Assert.Equal(alone.ContentShare, spread.ContentShare, 1e-9);
    }

    [Fact]
    public void Where_nothing_moves_there_is_no_gain()
    {
        using var model = TdvModel.Create(TdvTrainerTests.Network, seed: 1);
        var frames = Frames();
        var still = _ml.Transforms.CopyColumns("PreviousFrame", "Frame").Fit(frames).Transform(frames);

        var metrics = _ml.Transforms.EvaluateVideo(still, model);

        Assert.Equal(double.NaN, metrics.PredictionGain);
        Assert.True(double.IsFinite(metrics.PredictedInformation));
    }

    [Fact]
    public void Without_a_motion_encoder_the_prediction_is_a_copy()
    {
        using var model = TdvModel.Create(TdvTrainerTests.Network with { MotionDepth = 0 }, seed: 1);

        var metrics = _ml.Transforms.EvaluateVideo(Frames(), model, pairs: 2);

        Assert.Equal((0, 2), (metrics.PredictionGain, metrics.PairCount));
    }

    [Fact]
    public void Columns_and_numbers_that_do_not_fit_are_told_at_once()
    {
        using var model = TdvModel.Create(TdvTrainerTests.Network, seed: 1);
        var frames = Frames();

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.EvaluateVideo(frames, model, "Time", "None", pairs: 0)
        );

        Assert.Equal(
            """
            EvaluateVideo cannot work:
            - pairs is 0; it must be at least 1.
            - there is no column 'Time' among 'Path', 'Before', 'Frame', 'PreviousFrame'; Image is expected, as LoadPictures or LoadFromVideos gives it.
            - there is no column 'None' among 'Path', 'Before', 'Frame', 'PreviousFrame'; Image is expected, as LoadPictures or LoadFromVideos gives it.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    private IDataView Frames(string? video = null)
    {
        var pairs = Enumerable.Range(1, Pairs).Select(i => new Pair(ToyData.Name(i), ToyData.Name(i - 1)));
        var rows = video is null
            ? _ml.Data.LoadFromEnumerable(pairs)
            : _ml.Data.LoadFromEnumerable(pairs.Select(pair => new NamedPair(pair.Path, pair.Before, video)));
        return _ml
            .Transforms.LoadImages("Frame", _toys.FrameFolder, nameof(Pair.Path))
            .Append(_ml.Transforms.LoadImages("PreviousFrame", _toys.FrameFolder, nameof(Pair.Before)))
            .Fit(rows)
            .Transform(rows);
    }

    /// <summary>By the other engine: CLS first, then patches, <c>[(1+N)·D]</c> for each row.</summary>
    private List<float[]> Tokens(IDataView frames, TdvModel model, string column)
    {
        var features = new TdvFeatureOptions { ClsColumnName = "Cls", Engine = TdvEngine.OnnxRuntime };
        var view = _ml.Transforms.TdvFeaturize("Grid", column, model, features).Fit(frames).Transform(frames);
        return
        [
            .. view.GetColumn<float[]>("Cls")
                .Zip(view.GetColumn<float[]>("Grid"), (cls, grid) => cls.Concat(grid).ToArray()),
        ];
    }

    private static double Sum(List<float[]> previous, List<float[]> next, double shift) =>
        previous.Zip(next).Sum(pair => pair.First.Zip(pair.Second).Sum(p => Math.Pow(p.First + shift - p.Second, 2)));

    private static double Deviation(List<float[]> rows)
    {
        int d = TdvTrainerTests.Network.Dimension;
        double[][] unit = [.. rows.SelectMany(row => row.Skip(d).Chunk(d)).Select(Normalize)];
        double[] deviations = [.. Enumerable.Range(0, d).Select(i => Spread([.. unit.Select(row => row[i])]))];
        return deviations.Average() * Math.Sqrt(d);
    }

    private static double[] Normalize(float[] patch)
    {
        double length = Math.Sqrt(patch.Sum(x => (double)x * x));
        return [.. patch.Select(x => x / length)];
    }

    private static double Spread(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(x => Math.Pow(x - mean, 2)) / (values.Length - 1));
    }

    private sealed record Pair(string Path, string Before);

    private sealed record NamedPair(string Path, string Before, string Video);
}
