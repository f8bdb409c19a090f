using System.Text.Json.Nodes;
using Tdv.Tool.Commands;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _captured = new();

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
        _folder.Dispose();
    }

    [Fact]
    public void Pretrain_leaves_all_that_is_needed_to_follow_and_repeat_it_and_goes_on()
    {
        using var toys = new ToyData(frames: 12);
        string run = _folder["run"];
        string[] command =
        [
            "pretrain",
            "--videos",
            toys.FrameFolder,
            "--out",
            run,
            "--steps",
            "2",
            "--checkpoint-every",
            "1",
        ];

        Assert.Equal(CommandLine.Success, CommandLine.Run(command));
        byte[] weights = File.ReadAllBytes(Path.Combine(run, "weights.safetensors"));
        File.Delete(Path.Combine(run, "checkpoints", "checkpoint-000000002.safetensors"));
        Assert.Equal(CommandLine.Success, CommandLine.Run(command));

        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(run, "weights.safetensors")));
        Assert.Equal([1, 2], RecordedSteps.In(Path.Combine(run, "metrics.jsonl")));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(run, "events"), "*tfevents*").Length);
        var starts = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "run.json")))!["starts"]!.AsArray();
        Assert.Equal(2, starts.Count);
        Assert.Equal(toys.FrameFolder, (string?)starts[0]!["videos"]![0]!["path"]);
        Assert.True(File.Exists(Path.Combine(run, "checkpoints", "options.json")));
    }

    [Fact]
    public void Patience_without_unseen_videos_is_refused()
    {
        using var toys = new ToyData(frames: 12);
        Console.SetError(_captured);

        string[] command = ["pretrain", "--videos", toys.FrameFolder, "--out", _folder["run"], "--patience", "2"];
        int result = CommandLine.Run(command);

        Assert.Equal(CommandLine.Failure, result);
        Assert.Contains("there are none. Name some with --unseen.", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pretrain_refuses_other_options_than_the_run_was_begun_with()
    {
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        string[] command = ["pretrain", "--videos", toys.FrameFolder, "--out", _folder["run"], "--steps"];

        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, "1"]));
        Assert.Equal(CommandLine.Failure, CommandLine.Run([.. command, "2"]));

        Assert.Contains("- Steps was 1; now it is 2.", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_is_over_is_not_done_again_wherever_its_videos_lie_now()
    {
        Console.SetOut(_captured);
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        Copy(toys.FrameFolder, _folder["moved"]);
        string[] command = ["pretrain", "--out", _folder["run"], "--steps", "1", "--videos"];

        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, toys.FrameFolder]));
        File.Delete(_folder["run/weights.safetensors"]);
        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, _folder["moved"]]));

        Assert.True(File.Exists(_folder["run/weights.safetensors"]));
        Assert.Contains("that was done before, as '", _captured.ToString(), StringComparison.Ordinal);
        Assert.Single(new RunFolder(_folder["run"]).Starts());
    }

    [Fact]
    public void Other_pictures_under_the_same_name_are_not_done_before()
    {
        Console.SetOut(_captured);
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        string frames = _folder["frames"];
        Copy(toys.FrameFolder, frames);
        string[] command = ["pretrain", "--out", _folder["run"], "--steps", "1", "--videos", frames];
        Assert.Equal(CommandLine.Success, CommandLine.Run(command));

        // As many pictures, of the same names and lengths: the last one's pixels move by a byte.
        string last = Directory.GetFiles(frames).Order(StringComparer.Ordinal).Last();
        byte[] bytes = File.ReadAllBytes(last);
        bytes[^20] ^= 1;
        File.WriteAllBytes(last, bytes);

        Assert.Equal(CommandLine.Failure, CommandLine.Run(command));
        Assert.Matches(
            $"error: The training in '.*run' learned from other videos. Name those again, or another folder with --out:\\s+- 'frames' "
                + "\\(12 pictures, \\d+ bytes\\) is not what it was, 'frames' \\(12 pictures, \\d+ bytes\\): its content differs.",
            _captured.ToString()
        );
    }

    [Theory]
    [InlineData("{\"starts\":[{\"time\":\"202")]
    [InlineData("[]")]
    [InlineData(null)]
    public void Without_a_history_the_frames_themselves_tell_whether_it_was_done_before(string? damaged)
    {
        Console.SetOut(_captured);
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        Backwards(toys.FrameFolder, _folder["others"]);
        string[] command = ["pretrain", "--out", _folder["run"], "--steps", "1", "--videos"];
        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, toys.FrameFolder]));
        File.Delete(_folder["run/run.json"]);
        if (damaged is not null)
        {
            File.WriteAllText(_folder["run/run.json"], damaged);
        }

        Assert.Equal(CommandLine.Failure, CommandLine.Run([.. command, _folder["others"]]));
        Assert.Contains(
            "error: The data are not those that this training began with",
            _captured.ToString(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("that was done before", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, toys.FrameFolder]));
        Assert.Contains("that was done before", _captured.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "run.json is missing or damaged: its frames are compared",
            _captured.ToString(),
            StringComparison.Ordinal
        );
        if (damaged is not null)
        {
            Assert.Equal(damaged, File.ReadAllText(_folder["run/run.json.damaged"]));
            Assert.Contains("is damaged, and kept as '", _captured.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_no_training_wrote_is_refused_before_any_work()
    {
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run/metrics.jsonl"], "of another program\n");

        Assert.Equal(
            CommandLine.Failure,
            CommandLine.Run(["pretrain", "--videos", toys.FrameFolder, "--out", _folder["run"], "--steps", "1"])
        );

        Assert.Contains("- metrics.jsonl", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal("of another program\n", File.ReadAllText(_folder["run/metrics.jsonl"]));
        Assert.False(Directory.Exists(_folder["run/checkpoints"]));
    }

    /// <summary>An earlier version kept no list of its files; what it wrote is gone on with.</summary>
    [Fact]
    public void A_run_of_an_earlier_version_goes_on()
    {
        Console.SetOut(_captured);
        using var toys = new ToyData(frames: 12);
        string[] command = ["pretrain", "--videos", toys.FrameFolder, "--out", _folder["run"], "--steps", "1"];
        Assert.Equal(CommandLine.Success, CommandLine.Run(command));
        Directory.Delete(_folder["run/.tdv"], recursive: true);
        Directory.Delete(_folder["run/checkpoints/.tdv"], recursive: true);

        Assert.Equal(CommandLine.Success, CommandLine.Run(command));
        Assert.Contains("that was done before", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_commands_cannot_write_to_one_folder()
    {
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        using var other = OutputFolder.Open(_folder["run"]);

        Assert.Equal(
            CommandLine.Failure,
            CommandLine.Run(["pretrain", "--videos", toys.FrameFolder, "--out", _folder["run"], "--steps", "1"])
        );

        Assert.Contains(
            $"error: Another command writes to '{_folder["run"]}' now. Wait for its end, or choose another folder with --out.",
            _captured.ToString(),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_folder["run/checkpoints"]));
    }

    [Fact]
    public void What_is_cleared_is_the_training_and_nothing_else()
    {
        string[] left = ["weights.safetensors", "metrics.jsonl", "run.json", "events/events.out.tfevents.1"];
        string[] others = ["metrics.json", "model.zip", "overlays/a.png", "tables/mine.json"];
        string[] users = ["events/mine.txt", "checkpoints/my-thesis.tmp"];
        using (var output = OutputFolder.Open(_folder.FullName))
        using (var checkpoints = OutputFolder.Open(_folder["checkpoints"]))
        {
            Array.ForEach([.. left, .. others], name => output.Write(name, _ => { }));
            checkpoints.Write("checkpoint-000000001.safetensors", _ => { });
        }

        Array.ForEach(users, name => File.WriteAllText(_folder[name], "mine"));
        Assert.True(new RunFolder(_folder.FullName).HasTraining);
        using (var output = OutputFolder.Open(_folder.FullName))
        {
            new RunFolder(_folder.FullName).Clear(output);
        }

        Assert.False(new RunFolder(_folder.FullName).HasTraining);
        Assert.Equal(
            others.Concat(users).Order(StringComparer.Ordinal),
            Directory
                .GetFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_folder.FullName, file).Replace('\\', '/'))
                .Where(name => !name.Contains(".tdv/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_demo_does_not_begin_a_training_of_the_users_anew()
    {
        Console.SetError(_captured);
        _folder.Write("weights.safetensors", "days of work");

        Assert.Equal(CommandLine.Failure, CommandLine.Run(["demo", "--out", _folder.FullName]));

        Assert.Contains("holds a training that is not the demo's", _captured.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["weights.safetensors"]));
    }

    [Fact]
    public void The_demo_does_not_film_into_a_folder_of_the_users()
    {
        Console.SetError(_captured);
        Directory.CreateDirectory(_folder["data"]);
        _folder.Write("data/train.txt", "my list");

        Assert.Equal(CommandLine.Failure, CommandLine.Run(["demo", "--out", _folder.FullName]));

        Assert.Contains("- data", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal("my list", File.ReadAllLines(_folder["data/train.txt"]).Single());
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static void Backwards(string from, string to)
    {
        Directory.CreateDirectory(to);
        string[] files = [.. Directory.GetFiles(from).Order(StringComparer.Ordinal)];
        foreach (var (file, other) in files.Zip(files.Reverse()))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(other)));
        }
    }
}
