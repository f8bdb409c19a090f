using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>A token ends a training wherever it is, and leaves a checkpoint of its last whole step.</summary>
public sealed class StoppingTests : ResumingFixture
{
    /// <summary>Two seconds are promised; other tests run beside. What is not stopped takes twice as long and more.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    [Fact]
    public void While_a_batch_is_gathered_from_data_that_come_slowly()
    {
        // 64 pairs take 13 seconds.
        var clock = StopAfter(0.5, Saved() with { BatchSize = 64 }, ml => Slowly(ml, TimeSpan.FromSeconds(0.2)));

        Assert.InRange(clock, TimeSpan.FromSeconds(0.4), Soon);
        Assert.Empty(Checkpoints());
    }

    [Fact]
    public void While_frames_are_read_again_after_a_stop()
    {
        Train(Saved(), stopAt: 2);
        string checkpoint = Assert.Single(Checkpoints());
        byte[] before = File.ReadAllBytes(checkpoint);

        // It stood after 4 pairs, which take 12 seconds now.
        var clock = StopAfter(0.5, Saved(), ml => Slowly(ml, TimeSpan.FromSeconds(3), Pairs));

        Assert.InRange(clock, TimeSpan.FromSeconds(0.4), Soon);
        Assert.Equal(before, File.ReadAllBytes(Assert.Single(Checkpoints())));
        byte[] undisturbed = Train(Options());
        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved())));
    }

    [Fact]
    public void What_a_batch_has_taken_when_it_is_stopped_is_taken_again()
    {
        byte[] undisturbed = Train(Options());
        // Two steps, then the third batch's second pair does not come in time.
        var clock = StopAfter(
            0.3,
            Saved(),
            ml =>
                ml.Data.LoadFromEnumerable(
                    Clips
                        .Pairs(Pairs)
                        .Select(
                            (pair, index) =>
                            {
                                Thread.Sleep(index == Pairs - 1 ? 15_000 : 0);
                                return pair;
                            }
                        )
                ),
            afterStep: 2
        );
        // Not until that pair comes.
        Assert.InRange(clock, TimeSpan.Zero, Soon);

        Assert.EndsWith("checkpoint-000000002.safetensors", Assert.Single(Checkpoints()));
        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved())));
    }

    [Fact]
    public void A_batch_that_no_array_holds_is_refused_at_the_door()
    {
        var ml = new MLContext(1);
        var error = Assert.Throws<ArgumentException>(() =>
            ml.Transforms.TdvFeaturize("Features", "Frame", new TdvOptions { BatchSize = int.MaxValue })
        );
        Assert.Equal(
            $"TdvOptions is out of range:{Environment.NewLine}- BatchSize is 2147483647: the pairs of a batch, of 64 × 64 pixels, "
                + $"take {2L * int.MaxValue * 64 * 64 * 3} bytes; at most {Array.MaxLength} are possible. Lower it; "
                + "AccumulatedBatches makes large steps of small batches.",
            error.Message
        );
    }

    [Fact]
    public void A_step_for_which_there_is_no_room_is_refused_before_anything_is_read()
    {
        var ml = new MLContext(1);
        int read = 0;
        var view = ml.Data.LoadFromEnumerable(
            Clips
                .Pairs(1)
                .Select(pair =>
                {
                    read++;
                    return pair;
                })
        );
        var options = new TdvOptions { ImageSize = 8192, BatchSize = 2 };
        var error = Assert.Throws<ArgumentException>(() =>
            ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(view)
        );
        Assert.Matches(
            "^TdvOptions is out of range:\\s+- BatchSize is 2 and ImageSize 8192: a step needs about [0-9.]+ GiB of memory, and "
                + "[0-9.]+ GiB are there\\. Lower BatchSize \\(AccumulatedBatches makes large steps of small batches\\) or "
                + "ImageSize, or choose a smaller Preset\\.$",
            error.Message
        );
        Assert.Equal(0, read);
    }

    [Theory]
    [InlineData(TdvPreset.Tiny, null, null, 2L << 30)]
    [InlineData(TdvPreset.Small, 4, null, 6L << 30)]
    public void What_fits_is_not_refused(TdvPreset preset, int? batch, int? size, long available)
    {
        var recipe = Recipe.From(
            new TdvOptions
            {
                Preset = preset,
                BatchSize = batch,
                ImageSize = size,
            }
        );
        Assert.Null(StepMemory.Fault(recipe, available));
    }

    [Fact]
    public void A_late_checkpoint_is_written_during_a_step_and_by_nobody_afterwards()
    {
        using var stop = new CancellationTokenSource();
        using var scope = AmbientStop.Use(stop.Token);
        using var written = new ManualResetEventSlim();
        int count = 0;
        bool stepping = false;
        var changing = new object();
        using (
            var late = new LateCheckpoint(
                changing,
                () => stepping,
                () =>
                {
                    count++;
                    written.Set();
                    return 7;
                }
            )
        )
        {
            Assert.True(Unsaved.Any);
            stepping = true;
            stop.Cancel();
            Assert.True(written.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            Assert.True(Unsaved.WaitForAll(TimeSpan.FromSeconds(20)));
            Assert.Equal((1, "the checkpoint of step 7 is written"), (count, Unsaved.Saved));
        }

        using var again = new CancellationTokenSource();
        using var inner = AmbientStop.Use(again.Token);
        new LateCheckpoint(changing, () => true, () => count++).Dispose();
        again.Cancel();
        Thread.Sleep(800);
        Assert.Equal(1, count);
    }

    /// <summary>How long it takes from the token to the end of the training, and half a second.</summary>
    /// <param name="afterStep">The seconds count from the end of this step.</param>
    private TimeSpan StopAfter(double seconds, TdvOptions options, Func<MLContext, IDataView> view, int afterStep = 0)
    {
        using var stop = new CancellationTokenSource();
        var ml = new MLContext(1);
        ml.Log += (_, entry) => Log.Add(entry.RawMessage);
        var data = view(ml);
        var clock = new Stopwatch();
        var reports = new Reports(
            [],
            step =>
            {
                if (step == afterStep)
                {
                    Begin();
                }
            }
        );
        var estimator = ml.Transforms.TdvFeaturize(
            "Features",
            "Frame",
            options with
            {
                CancellationToken = stop.Token,
                Progress = reports,
            }
        );
        if (afterStep == 0)
        {
            Begin();
        }

        estimator.Fit(data).Dispose();
        return clock.Elapsed;

        void Begin()
        {
            clock.Start();
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        }
    }

    private static IDataView Slowly(MLContext ml, TimeSpan each, int count = 64) =>
        ml.Data.LoadFromEnumerable(
            Clips
                .Pairs(count)
                .Select(pair =>
                {
                    Thread.Sleep(each);
                    return pair;
                })
        );
}
