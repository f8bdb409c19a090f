using Microsoft.ML;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>Trainings that are measured on frames which teach nothing.</summary>
public sealed class ValidationTests : ResumingFixture
{
    private const int Unseen = 4;
    private const string ForgottenBest =
        "The frames to validate on are not those of before: what was the best until now is forgotten.";

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Measures_what_EvaluateVideo_does()
    {
        var last = Train(Validated(v => v with { KeepBest = false }), out byte[] weights)[^1].Validation!;

        Assert.Equal(Evaluate(weights), last);
        Assert.Equal(Unseen, last.PairCount);
    }

    [Fact]
    public void The_training_cannot_tell_that_it_is_measured()
    {
        Train(Validated(v => v with { KeepBest = false }), out byte[] weights);

        Assert.True(Train(Options()).AsSpan().SequenceEqual(weights));
    }

    [Theory]
    [InlineData(null, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]
    [InlineData(3, 3, 6, 9, 10)]
    public void Measures_now_and_then_and_at_the_end(int? every, params int[] steps)
    {
        var reports = Train(Validated(v => v with { EverySteps = every }), out _);

        Assert.Equal(steps, reports.Where(report => report.Validation is not null).Select(report => report.Step));
    }

    [Fact]
    public void The_best_weights_are_kept()
    {
        var reports = Train(Forgetful(), out byte[] weights);
        double[] bits = [.. reports.Select(report => report.Validation!.PredictedInformation)];

        Assert.InRange(Array.IndexOf(bits, bits.Max()), 0, Steps - 2);
        Assert.Equal(bits.Max(), Evaluate(weights).PredictedInformation);
        Assert.Contains(Log, line => line.Contains("keeps the weights of step", StringComparison.Ordinal));
    }

    [Fact]
    public void What_has_hardly_begun_is_not_the_best()
    {
        var reports = Train(Forgetful() with { WarmUpSteps = 7 }, out byte[] weights);

        var counted = reports.Where(report => report.Step > 7).ToArray();
        Assert.All(reports.Except(counted), report => Assert.Null(report.BestStep));
        var best = counted.MaxBy(report => report.Validation!.PredictedInformation)!;
        Assert.Equal(best.Step, reports[^1].BestStep);
        Assert.Equal(best.Validation!.PredictedInformation, Evaluate(weights).PredictedInformation);
    }

    [Fact]
    public void Ends_when_nothing_becomes_better_for_long()
    {
        double[] bits = [.. Train(Forgetful(), out _).Select(report => report.Validation!.PredictedInformation)];
        // The first step after which two are no better than the best before.
        int end = Enumerable
            .Range(3, Steps - 2)
            .First(step => bits[(step - 2)..step].Max() <= bits[..(step - 2)].Max());
        Assert.InRange(end, 3, Steps - 1);
        var impatient = Forgetful(v => v with { Patience = 2 }) with { CheckpointDirectory = Folder };

        var reports = Train(impatient, out byte[] weights);

        Assert.Equal(end, reports.Count);
        Assert.Equal(bits[..end].Max(), Evaluate(weights).PredictedInformation);
        Assert.Contains(
            Log,
            line => line.Contains($"Pretraining ended after {end} of {Steps} steps", StringComparison.Ordinal)
        );
        // It is over: the same again learns nothing, and gives the same.
        Assert.Empty(Train(impatient, out byte[] again));
        Assert.True(weights.AsSpan().SequenceEqual(again));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Stops_change_no_bit_of_the_best(int stop)
    {
        Train(Forgetful(), out byte[] undisturbed);
        var saved = Forgetful() with { CheckpointDirectory = Folder };

        Train(saved, stop);
        byte[] resumed = Train(saved);

        Assert.True(undisturbed.AsSpan().SequenceEqual(resumed));
        Assert.DoesNotContain(Log, line => line.Contains("forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public void Best_of_other_frames_is_no_best()
    {
        var saved = Forgetful() with { CheckpointDirectory = Folder };
        Train(saved, stopAt: 4);

        var others = Forgetful(v => v with { Data = Frames(first: 20) }) with { CheckpointDirectory = Folder };
        Train(others, out _);

        Assert.Contains(Log, line => line.Contains(ForgottenBest, StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_that_was_not_measured_goes_on_measured()
    {
        Train(Saved(), stopAt: 4);

        var reports = Train(Validated() with { CheckpointDirectory = Folder }, out _);

        Assert.Equal([5, 6, 7, 8, 9, 10], reports.Select(report => report.Step));
        Assert.All(reports, report => Assert.NotNull(report.Validation));
    }

    [Fact]
    public void What_cannot_be_is_told_at_once()
    {
        var wrong = Validated(v => v with { Pairs = 0, EverySteps = 0, Patience = -1, Data = null! });
        Assert.Equal(
            """
            TdvOptions is out of range:
            - Validation.Pairs is 0; it must be at least 1.
            - Validation.EverySteps is 0; it must be at least 1.
            - Validation.Patience is -1; it must be at least 1.
            - Validation.Data is null; give frame pairs that nothing is learned from, for instance of LoadFromVideos.
            """.ReplaceLineEndings(),
            Assert.Throws<ArgumentException>(() => Train(wrong)).Message.ReplaceLineEndings()
        );
        var blind = _ml.Data.LoadFromEnumerable(new[] { new { Frame = "a" } });
        Assert.StartsWith(
            "TdvFeaturize cannot use these columns of Validation.Data:",
            Assert.Throws<ArgumentException>(() => Train(Validated(v => v with { Data = blind }))).Message,
            StringComparison.Ordinal
        );
        var empty = Clips.View(_ml, 0);
        Assert.StartsWith(
            "There are no frame pairs to validate on: Validation.Data has no rows.",
            Assert.Throws<InvalidOperationException>(() => Train(Validated(v => v with { Data = empty }))).Message,
            StringComparison.Ordinal
        );
    }

    private TdvOptions Validated(Func<TdvValidation, TdvValidation>? change = null)
    {
        var validation = new TdvValidation { Data = Frames(first: Pairs) };
        return Options() with { Validation = change?.Invoke(validation) ?? validation };
    }

    /// <summary>Steps so large that what was learned is lost again.</summary>
    private TdvOptions Forgetful(Func<TdvValidation, TdvValidation>? change = null) =>
        Validated(change) with
        {
            LearningRate = 0.1,
            WarmUpSteps = 0,
        };

    private IDataView Frames(int first) => Clips.View(_ml, Clips.Pairs(first + Unseen)[first..]);

    private VideoMetrics Evaluate(byte[] weights)
    {
        using var stream = new MemoryStream(weights);
        using var model = TdvModel.Load(stream);
        return _ml.Transforms.EvaluateVideo(Frames(first: Pairs), model);
    }

    private List<StepReport> Train(TdvOptions options, out byte[] weights)
    {
        var reports = new All();
        weights = Train(options with { Progress = reports });
        return reports.Steps;
    }

    private sealed class All : IProgress<StepReport>
    {
        public List<StepReport> Steps { get; } = [];

        public void Report(StepReport value) => Steps.Add(value);
    }
}
