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
        Directory.CreateDirectory(Folder);
        string left = Path.Combine(Folder, "checkpoint-000000004.safetensors.0.tmp");
        File.WriteAllText(left, "half");

        Train(Saved(), stopAt: 1);

        Assert.False(File.Exists(left));
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
