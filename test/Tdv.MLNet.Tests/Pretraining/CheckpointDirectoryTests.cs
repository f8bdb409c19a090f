using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>What lies in the folder of a training.</summary>
public sealed class CheckpointDirectoryTests : ResumingFixture
{
    [Fact]
    public void The_last_three_checkpoints_are_kept()
    {
        Train(Saved() with { CheckpointEverySteps = 2 });

        Assert.Equal([6, 8, 10], Checkpoints().Select(StepOf));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_cleared_away()
    {
        string left = Path.Combine(Folder, ".tdv", "0.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "half");

        Train(Saved(), stopAt: 1);

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Files_of_the_user_stay_whatever_they_are_called()
    {
        Directory.CreateDirectory(Folder);
        string[] mine = ["my-thesis.tmp", "lock", "checkpoint-best.safetensors", "options.json.bak"];
        Array.ForEach(mine, name => File.WriteAllText(Path.Combine(Folder, name), "mine"));

        Train(Saved() with { CheckpointEverySteps = 1 });

        Assert.All(mine, name => Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, name))));
    }

    /// <summary>An earlier version kept no list of its files, and a copy may lack it.</summary>
    [Fact]
    public void A_folder_without_a_list_of_its_files_goes_on()
    {
        byte[] undisturbed = Train(Options());
        Train(Saved() with { CheckpointEverySteps = 2 }, stopAt: 6);
        Directory.Delete(Path.Combine(Folder, ".tdv"), recursive: true);

        byte[] resumed = Train(Saved() with { CheckpointEverySteps = 2 });

        Assert.True(undisturbed.AsSpan().SequenceEqual(resumed));
        Assert.Equal([6, 8, 10], Checkpoints().Select(StepOf));
    }

    [Fact]
    public void TheTemporary_tells_what_the_training_was_made_of()
    {
        Train(Saved(), stopAt: 1);

        string text = File.ReadAllText(Path.Combine(Folder, "options.json"));

        Assert.Contains("\"BatchSize\": \"2\"", text, StringComparison.Ordinal);
        Assert.Contains("\"Training.Schedule.Floor\": \"2E-05\"", text, StringComparison.Ordinal);
        Assert.Contains("\"libtorch\": \"2.", text, StringComparison.Ordinal);
    }

    private static int StepOf(string path) => int.Parse(Path.GetFileNameWithoutExtension(path).Split('-')[1], null);
}
