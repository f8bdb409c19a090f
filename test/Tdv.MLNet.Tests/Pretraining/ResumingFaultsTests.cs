using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>What a training refuses to go on from, and how it says so.</summary>
public sealed class ResumingFaultsTests : ResumingFixture
{
    [Fact]
    public void ATemporary_that_cannot_be_written_is_an_error_before_any_work()
    {
        string file = Temporary.Write("file", "in the way");
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
    public void Other_options_are_refused_each_by_name()
    {
        Train(Saved(), stopAt: 2);

        var exception = Assert.Throws<ArgumentException>(() =>
            Train(Saved() with { Steps = 20, LearningRate = 1e-3, Seed = 6 })
        );

        Assert.Equal(
            $"""
            The training in '{Folder}' was begun with other options. Give those again, or another folder:
            - Steps was 10; now it is 20.
            - LearningRate was 0.002; now it is 0.001.
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
        Assert.Contains(Log, line => line.Contains("The one of step 4 before it is used.", StringComparison.Ordinal));
        Assert.True(File.Exists($"{newest}.damaged"));
    }

    [Fact]
    public void One_that_was_kept_aside_before_stays()
    {
        Train(Saved() with { CheckpointEverySteps = 2 }, stopAt: 6);
        string newest = Newest();
        File.WriteAllText($"{newest}.damaged", "kept");
        Damage(newest, cutShort: true);

        Train(Saved());

        Assert.Equal("kept", File.ReadAllText($"{newest}.damaged"));
        Assert.True(File.Exists($"{newest}.damaged-2"));
    }

    [Theory]
    [InlineData("options.json")]
    [InlineData("pairs.cache")]
    [InlineData("checkpoint-000000004.safetensors")]
    public void Files_of_its_names_that_no_training_made_are_refused(string name)
    {
        Directory.CreateDirectory(Folder);
        string mine = Path.Combine(Folder, name);
        File.WriteAllText(mine, "{\"mine\": true}");
        var steps = new List<int>();

        var exception = Assert.Throws<IOException>(() => Train(Saved() with { Progress = new Reports(steps) }));

        Assert.Equal(
            $"""
            The folder '{Folder}' holds files that a training would write over, but that no training wrote there, or that were changed since. Move them, or choose another folder:
            - {name}
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
        Assert.Equal("{\"mine\": true}", File.ReadAllText(mine));
        Assert.Empty(steps);
    }

    [Fact]
    public void A_training_that_is_over_is_not_done_before_on_other_data()
    {
        Train(Saved());

        var exception = Assert.Throws<InvalidOperationException>(() =>
            Train(Saved(), view: ml => Clips.View(ml, Clips.Pairs(Pairs + 1)[1..]))
        );

        Assert.StartsWith(
            "The data are not those that this training began with: their first",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_that_vanishes_ends_the_training_in_words()
    {
        var exception = Assert.Throws<IOException>(() =>
            Train(Saved() with { CheckpointEverySteps = 1, Progress = new Reports([], step => Vanish(step == 3)) })
        );

        Assert.Equal(
            $"The checkpoint of step 3 cannot be written: The folder '{Folder}' was removed or renamed while it was written to. "
                + "There is none yet to go on from.",
            exception.Message
        );

        void Vanish(bool now)
        {
            if (now)
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
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
    public void Two_trainings_cannot_share_aTemporary()
    {
        using var other = new CheckpointFolder(Folder, _ => { });

        var exception = Assert.Throws<IOException>(() => Train(Saved()));

        Assert.StartsWith(
            $"Checkpoints cannot be written to '{Folder}': another training uses it",
            exception.Message,
            StringComparison.Ordinal
        );
    }

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
}
