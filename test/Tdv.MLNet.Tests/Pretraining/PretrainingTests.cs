using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

public sealed class PretrainingTests
{
    private sealed class Reports : IProgress<StepReport>
    {
        public List<StepReport> All { get; } = [];

        public Action<StepReport>? Then { get; init; }

        public void Report(StepReport value)
        {
            All.Add(value);
            Then?.Invoke(value);
        }
    }

    private static TdvOptions Short(int steps, Reports? reports = null) =>
        new()
        {
            Steps = steps,
            BatchSize = 2,
            Progress = reports,
        };

    [Fact]
    public void Same_seed_gives_the_same_weights_bit_for_bit()
    {
        Assert.Equal(Weights(seed: 3), Weights(seed: 3));
        Assert.NotEqual(Weights(seed: 3), Weights(seed: 4));

        static byte[] Weights(int seed)
        {
            var ml = new MLContext(seed);
            using var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", Short(2)).Fit(Clips.View(ml, 6));
            return transformer.Model.ToBytes();
        }
    }

    [Fact]
    public void Trains_at_the_size_asked_for()
    {
        var ml = new MLContext(1);
        var options = Short(1) with { ImageSize = 64 };
        using var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(Clips.View(ml, 4));
        Assert.Equal(64, transformer.Model.ImageSize);
    }

    [Fact]
    public void Reports_every_step()
    {
        var ml = new MLContext(1);
        var reports = new Reports();
        using var transformer = ml
            .Transforms.TdvFeaturize("Features", "Frame", Short(3, reports))
            .Fit(Clips.View(ml, 5));
        Assert.Equal([1, 2, 3], reports.All.Select(report => report.Step));
        Assert.All(reports.All, report => Assert.Equal(3, report.Steps));
        Assert.All(
            reports.All,
            report =>
                Assert.Equal(
                    report.Loss,
                    (1.5 * report.MeanSquaredError)
                        + (0.75 * report.ClsLoss)
                        + (0.75 * report.PatchLoss)
                        + report.VarianceLoss
                        + report.CovarianceLoss,
                    tolerance: 1e-4
                )
        );
    }

    [Fact]
    public void The_regularization_is_reported_and_part_of_the_loss()
    {
        var ml = new MLContext(1);
        var reports = new Reports();
        var options = Short(2, reports) with
        {
            Regularization = new TdvRegularization { VarianceWeight = 2, CovarianceWeight = 0.5 },
        };
        using var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(Clips.View(ml, 5));
        Assert.All(
            reports.All,
            report =>
            {
                Assert.InRange(report.VarianceLoss, 0.01, 1);
                Assert.True(report.CovarianceLoss > 0);
                double own = (1.5 * report.MeanSquaredError) + (0.75 * report.ClsLoss) + (0.75 * report.PatchLoss);
                double added = (2 * report.VarianceLoss) + (0.5 * report.CovarianceLoss);
                Assert.Equal(own + added, report.Loss, tolerance: 1e-4 * report.Loss);
            }
        );
    }

    [Theory]
    // 5 pairs, 2 in a batch.
    [InlineData(2, 1, 5)]
    [InlineData(0.5, 1, 2)]
    [InlineData(0.01, 1, 1)]
    [InlineData(4, 2, 5)]
    public void Epochs_are_as_many_steps_as_they_take(double epochs, int accumulated, int steps)
    {
        var ml = new MLContext(1);
        var reports = new Reports();
        var options = Short(1, reports) with
        {
            Steps = null,
            Epochs = epochs,
            AccumulatedBatches = accumulated,
            ImageSize = 16,
        };
        using var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(Clips.View(ml, 5));
        Assert.Equal(steps, reports.All.Count);
        Assert.All(reports.All, report => Assert.Equal(steps, report.Steps));
    }

    [Fact]
    public void Steps_and_epochs_together_are_refused() =>
        Assert.Equal(
            """
            TdvOptions is out of range:
            - Epochs is 0; it must be above 0 and at most 1000000.
            - Steps and Epochs are set, but each says how long to train. Leave one of them out.
            """.ReplaceLineEndings(),
            Assert
                .Throws<ArgumentException>(() => Recipe.From(new TdvOptions { Steps = 3, Epochs = 0 }))
                .Message.ReplaceLineEndings()
        );

    [Fact]
    public void Tiny_is_regularized_where_it_can_be_and_the_published_recipes_are_not()
    {
        var tiny = new TdvOptions();
        using var start = TdvModel.Create(TdvPreset.Tiny, seed: 1);

        Assert.Equal(new TdvRegularization(), Of(tiny));
        Assert.Equal(TdvRegularization.None, Of(tiny with { Regularization = TdvRegularization.None }));
        Assert.Equal(TdvRegularization.None, Of(tiny with { BatchSize = 1 }));
        Assert.Equal(TdvRegularization.None, Of(tiny with { FrameEncoder = start, FreezeFrameEncoder = true }));
        Assert.Equal(TdvRegularization.None, Of(new TdvOptions { Preset = TdvPreset.Small }));
        Assert.Equal(TdvRegularization.None, Of(new TdvOptions { Preset = TdvPreset.Base }));

        static TdvRegularization Of(TdvOptions options) => Recipe.From(options).Training.Objective.Regularization;
    }

    [Fact]
    public void A_regularization_that_cannot_work_is_told_at_once()
    {
        using var frozen = TdvModel.Create(Recipe.From(new TdvOptions()).Network, seed: 1);

        var error = Assert.Throws<ArgumentException>(() =>
            Recipe.From(
                new TdvOptions
                {
                    BatchSize = 1,
                    FrameEncoder = frozen,
                    FreezeFrameEncoder = true,
                    Regularization = new() { VarianceWeight = -1, CovarianceWeight = double.PositiveInfinity },
                }
            )
        );

        Assert.Equal(
            """
            TdvOptions is out of range:
            - Regularization.VarianceWeight is -1; it must lie between 0 and 1000, for instance 1.
            - Regularization.CovarianceWeight is Infinity; it must lie between 0 and 1000, for instance 1.
            - Regularization compares the frames of a batch, but BatchSize is 1; set it to 2 or more.
            - Regularization changes what the frame encoder learns, but FreezeFrameEncoder is set. Leave one of them out.
            """.ReplaceLineEndings(),
            error.Message.ReplaceLineEndings()
        );
    }

    [Fact]
    public void Accumulated_batches_are_one_step_and_average_the_losses()
    {
        var one = First(batches: 1);
        var two = First(batches: 2);
        Assert.NotEqual(one.Loss, two.Loss);
        Assert.Equal(one.Loss, two.Loss, tolerance: 0.05 * one.Loss);

        static StepReport First(int batches)
        {
            var ml = new MLContext(1);
            var reports = new Reports();
            var options = Short(1, reports) with { AccumulatedBatches = batches };
            ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(Clips.View(ml, 6)).Dispose();
            return Assert.Single(reports.All);
        }
    }

    [Fact]
    public void Predicts_better_than_nothing_moves_after_a_few_steps()
    {
        var ml = new MLContext(1);
        var reports = new Reports();
        var options = Short(30, reports) with { BatchSize = 4, WarmUpSteps = 5 };
        using var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(Clips.View(ml, 8));
        double first = reports.All[0].PredictionGain;
        double last = reports.All[^1].PredictionGain;
        Assert.True(last > first + 0.5, $"The prediction gain went from {first} to {last} only.");
    }

    [Fact]
    public void Cancelling_leaves_a_usable_model()
    {
        var ml = new MLContext(1);
        using var source = new CancellationTokenSource();
        var reports = new Reports { Then = report => source.Cancel() };
        var options = Short(1000, reports) with { CancellationToken = source.Token };
        var warnings = new List<string>();
        ml.Log += (_, e) => warnings.Add(e.Message);
        var view = Clips.View(ml, 4);
        using var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(view);
        Assert.Single(reports.All);
        Assert.Equal(8 * 8 * 192, transformer.Transform(view).GetColumn<float[]>("Features").First().Length);
        Assert.Contains(
            warnings,
            message => message.Contains("stopped after 1 of 1000 steps", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void No_rows_is_an_error_that_says_what_to_check()
    {
        var ml = new MLContext(1);
        var estimator = ml.Transforms.TdvFeaturize("Features", "Frame", Short(1));
        var exception = Assert.Throws<InvalidOperationException>(() => estimator.Fit(Clips.View(ml, 0)));
        Assert.StartsWith(
            "There are no frame pairs to train on: the data has no rows.",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Options_out_of_range_are_reported_all_at_once()
    {
        var ml = new MLContext(1);
        var options = new TdvOptions
        {
            ImageSize = 100,
            Steps = 0,
            BatchSize = -1,
            AccumulatedBatches = 0,
            Precision = (TdvPrecision)9,
            LearningRate = 2,
            WarmUpSteps = -3,
        };
        var exception = Assert.Throws<ArgumentException>(() =>
            ml.Transforms.TdvFeaturize("Features", "Frame", options)
        );
        Assert.Equal(
            """
            TdvOptions is out of range:
            - Precision is 9; choose Automatic, Float32 or BFloat16.
            - ImageSize is 100; it must be a multiple of 8, the patch size, and at most 8192.
            - Steps is 0; it must be at least 1.
            - BatchSize is -1; it must be at least 1.
            - AccumulatedBatches is 0; it must be at least 1.
            - LearningRate is 2; it must lie between 0 and 1, for instance 0.001.
            - WarmUpSteps is -3; it must be 0 or more.
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
    }

    [Fact]
    public void A_missing_predecessor_column_is_named()
    {
        var ml = new MLContext(1);
        var view = ml.Transforms.SelectColumns("Frame").Fit(Clips.View(ml, 2)).Transform(Clips.View(ml, 2));
        var estimator = ml.Transforms.TdvFeaturize("Features", "Frame", Short(1));
        var exception = Assert.Throws<ArgumentException>(() => estimator.Fit(view));
        Assert.Equal(
            """
            TdvFeaturize cannot use these columns:
            - there is no column 'PreviousFrame' among 'Frame'; Image is expected, as LoadPictures or LoadFromVideos gives it.
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
    }
}
