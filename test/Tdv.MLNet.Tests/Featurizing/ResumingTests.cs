using Microsoft.ML;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Model;
using Tdv.MLNet.Tests.Samples;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

/// <summary>Trainings that stop and go on. 5 pairs, 2 in a batch: passes end at steps 2.5, 5, 7.5 and 10.</summary>
public sealed class ResumingTests : IDisposable
{
    private const int Pairs = 5;
    private const int Steps = 10;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    /// <summary>Narrow, so that the tests are short.</summary>
    private readonly TdvModel _start = TdvModel.FromTraining(
        new TrainingState(
            new NetworkOptions
            {
                ImageSize = 96,
                PatchSize = 16,
                Dimension = 32,
                Heads = 2,
                Depth = 2,
                MotionDepth = 1,
                Prototypes = 8,
                HeadHidden = 16,
                HeadBottleneck = 8,
            },
            seed: 1
        )
    );

    public void Dispose()
    {
        _start.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("in the first pass", 1)]
    [InlineData("at a pass's end", 5)]
    [InlineData("often", 1, 2, 4, 5, 8, 9)]
    public void Stops_change_no_bit_of_the_result(string when, params int[] stops)
    {
        byte[] undisturbed = Train(Options());

        var steps = new List<int>();
        foreach (int stop in stops)
        {
            Train(Saved() with { Progress = new Reports(steps) }, stop);
        }

        byte[] resumed = Train(Saved() with { Progress = new Reports(steps) });

        Assert.True(undisturbed.AsSpan().SequenceEqual(resumed), $"A stop {when} changed the weights.");
        Assert.Equal(Enumerable.Range(1, Steps), steps);
    }

    [Fact]
    public void Teacher_heads_and_moments_are_the_same_bits_too()
    {
        Train(Saved());
        byte[] undisturbed = File.ReadAllBytes(Newest());
        Directory.Delete(Folder, recursive: true);

        Train(Saved(), stopAt: 3);
        Train(Saved());

        AssertSameTensors(undisturbed, File.ReadAllBytes(Newest()));
    }

    [Fact]
    public void A_frozen_frame_encoder_has_no_moments_and_resumes_too()
    {
        byte[] undisturbed = Train(Options() with { FreezeFrameEncoder = true });
        Train(Saved() with { FreezeFrameEncoder = true }, stopAt: 3);

        using (var file = SealedSafetensors.Open(Newest()))
        {
            Assert.DoesNotContain("optimizer.first_moment.frame_encoder.norm.bias", file.Tensors.Keys);
            Assert.Contains("optimizer.second_moment.dino_head.mlp.0.bias", file.Tensors.Keys);
        }

        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved() with { FreezeFrameEncoder = true })));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_before_any_work()
    {
        string file = _folder.Write("file", "in the way");
        var steps = new List<int>();

        var exception = Assert.Throws<IOException>(() =>
            Train(Options() with { CheckpointDirectory = Path.Combine(file, "run"), Progress = new Reports(steps) })
        );

        Assert.StartsWith("Checkpoints cannot be written to '", exception.Message, StringComparison.Ordinal);
        Assert.Empty(steps);
    }

    [Fact]
    public void Intervals_out_of_range_are_reported_all_at_once()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            Train(Options() with { CheckpointEverySteps = 0, CheckpointEveryMinutes = -1 })
        );

        Assert.Equal(
            """
            TdvOptions is out of range:
            - CheckpointEverySteps is 0; it must be at least 1.
            - CheckpointEveryMinutes is -1; it must be above 0 and at most 10000.
            - CheckpointEverySteps or CheckpointEveryMinutes is set, but CheckpointDirectory is not. Set it.
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
    }

    [Fact]
    public void Without_the_cache_the_frames_are_decoded_again()
    {
        byte[] undisturbed = Train(Options());
        Train(Saved(), stopAt: 7);
        File.WriteAllBytes(Path.Combine(Folder, "pairs.cache"), [1, 2, 3]);

        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved())));
        Assert.False(File.Exists(Path.Combine(Folder, "pairs.cache")), "The cache is of no use after the training.");
    }

    [Fact]
    public void A_training_that_is_over_gives_its_weights_without_another_step()
    {
        byte[] first = Train(Saved());
        var steps = new List<int>();

        byte[] second = Train(Saved() with { Progress = new Reports(steps) });

        Assert.Empty(steps);
        Assert.True(first.AsSpan().SequenceEqual(second));
    }

    [Fact]
    public void The_last_three_checkpoints_are_kept()
    {
        Train(Saved() with { CheckpointEverySteps = 2 });

        Assert.Equal([6, 8, 10], Checkpoints().Select(StepOf));
    }

    [Fact]
    public void Other_options_are_refused_each_by_name()
    {
        Train(Saved(), stopAt: 2);

        var exception = Assert.Throws<ArgumentException>(() =>
            Train(Saved() with { Steps = 20, PeakLearningRate = 1e-3, Seed = 6 })
        );

        Assert.Equal(
            $"""
            The training in '{Folder}' was begun with other options. Give those again, or another folder:
            - Steps was 10; now it is 20.
            - PeakLearningRate was 0.002; now it is 0.001.
            - WarmUpSteps was 1; now it is 2.
            - Seed was 5; now it is 6.
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Other_data_are_refused(int stop)
    {
        Train(Saved(), stop);

        var exception = Assert.Throws<InvalidOperationException>(() =>
            Train(Saved(), view: ml => Clips.View(ml, Clips.Pairs(Pairs + 1)[1..]))
        );

        Assert.StartsWith(
            "The data are not those that this training began with: their first",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_checkpoint_gives_way_to_the_one_before(bool cutShort)
    {
        byte[] undisturbed = Train(Options());
        Train(Saved() with { CheckpointEverySteps = 2 }, stopAt: 6);
        string newest = Newest();
        Damage(newest, cutShort);

        byte[] resumed = Train(Saved());

        Assert.True(undisturbed.AsSpan().SequenceEqual(resumed));
        Assert.Contains(_log, line => line.Contains("The one of step 4 before it is used.", StringComparison.Ordinal));
        Assert.True(File.Exists($"{newest}.damaged"));
    }

    [Fact]
    public void Nothing_begins_anew_where_every_checkpoint_is_damaged()
    {
        Train(Saved() with { CheckpointEverySteps = 2 }, stopAt: 4);
        Assert.All(Checkpoints(), path => Damage(path, cutShort: false));

        for (int attempt = 0; attempt < 2; attempt++)
        {
            var exception = Assert.Throws<InvalidDataException>(() => Train(Saved()));
            Assert.StartsWith(
                $"Not one checkpoint in '{Folder}' is whole. Choose another folder to begin anew:",
                exception.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Two_trainings_cannot_share_a_folder()
    {
        using var other = new CheckpointFolder(Folder, _ => { });

        var exception = Assert.Throws<IOException>(() => Train(Saved()));

        Assert.StartsWith(
            $"Checkpoints cannot be written to '{Folder}': another training uses it",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_cleared_away()
    {
        Directory.CreateDirectory(Folder);
        string left = Path.Combine(Folder, "checkpoint-000000004.safetensors.0.tmp");
        File.WriteAllText(left, "half");

        Train(Saved(), stopAt: 1);

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void The_folder_tells_what_the_training_was_made_of()
    {
        Train(Saved(), stopAt: 1);

        string text = File.ReadAllText(Path.Combine(Folder, "options.json"));

        Assert.Contains("\"BatchSize\": \"2\"", text, StringComparison.Ordinal);
        Assert.Contains("\"Training.Schedule.Floor\": \"2E-05\"", text, StringComparison.Ordinal);
        Assert.Contains("\"libtorch\": \"2.", text, StringComparison.Ordinal);
    }

    private string Folder => _folder["run"];

    private TdvOptions Options() =>
        new()
        {
            FrameEncoder = _start,
            Steps = Steps,
            BatchSize = 2,
            Seed = 5,
        };

    private TdvOptions Saved() => Options() with { CheckpointDirectory = Folder };

    private byte[] Train(TdvOptions options, int stopAt = int.MaxValue, Func<MLContext, IDataView>? view = null)
    {
        var ml = new MLContext(1);
        ml.Log += (_, entry) => _log.Add(entry.RawMessage);
        using var stop = new CancellationTokenSource();
        var reports = new Reports([], step => Stop(step >= stopAt), options.Progress);
        using var transformer = ml
            .Transforms.TdvFeaturize(
                "Features",
                "Frame",
                options with
                {
                    Progress = reports,
                    CancellationToken = stop.Token,
                }
            )
            .Fit(view?.Invoke(ml) ?? Clips.View(ml, Pairs));
        return transformer.Model.ToBytes();

        void Stop(bool now)
        {
            if (now)
            {
                stop.Cancel();
            }
        }
    }

    private string[] Checkpoints() =>
        [.. Directory.GetFiles(Folder, "checkpoint-*.safetensors").Order(StringComparer.Ordinal)];

    private string Newest() => Checkpoints()[^1];

    private static int StepOf(string path) => int.Parse(Path.GetFileNameWithoutExtension(path).Split('-')[1], null);

    private static void Damage(string path, bool cutShort)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (cutShort)
        {
            File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
            return;
        }

        bytes[bytes.Length / 3] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>All but the header, which tells the time.</summary>
    private static void AssertSameTensors(byte[] expected, byte[] found)
    {
        int Data(byte[] file) => 8 + BitConverter.ToInt32(file);
        const int seal = 32;
        Assert.True(expected.AsSpan()[Data(expected)..^seal].SequenceEqual(found.AsSpan()[Data(found)..^seal]));
    }

    private sealed class Reports(List<int> steps, Action<int>? then = null, IProgress<StepReport>? next = null)
        : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            steps.Add(value.Step);
            next?.Report(value);
            then?.Invoke(value.Step);
        }
    }
}
