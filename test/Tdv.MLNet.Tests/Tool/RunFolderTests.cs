using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Tdv.Tool.Commands;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tensorboard;
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
        Assert.Equal([1, 2], Steps(Path.Combine(run, "metrics.jsonl")));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(run, "events"), "*tfevents*").Length);
        var starts = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "run.json")))!["starts"]!.AsArray();
        Assert.Equal(2, starts.Count);
        Assert.Equal(toys.FrameFolder, (string?)starts[0]!["videos"]![0]!["path"]);
        Assert.True(File.Exists(Path.Combine(run, "checkpoints", "options.json")));
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
    public void A_training_that_is_over_is_not_done_again_and_other_videos_are_refused()
    {
        Console.SetOut(_captured);
        Console.SetError(_captured);
        using var toys = new ToyData(frames: 12);
        string other = _folder["other"];
        Directory.CreateDirectory(other);
        foreach (string frame in Directory.GetFiles(toys.FrameFolder))
        {
            File.Copy(frame, Path.Combine(other, Path.GetFileName(frame)));
        }

        string[] command = ["pretrain", "--out", _folder["run"], "--steps", "1", "--videos"];

        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, toys.FrameFolder]));
        File.Delete(_folder["run/weights.safetensors"]);
        Assert.Equal(CommandLine.Success, CommandLine.Run([.. command, toys.FrameFolder]));
        Assert.True(File.Exists(_folder["run/weights.safetensors"]));
        Assert.Contains("that was done before, as '", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failure, CommandLine.Run([.. command, other]));

        Assert.Contains(
            $"""
            error: The training in '{_folder[
                "run"
            ]}' learned from other videos. Name those again, or another folder with --out:
            - 'other' was not among them.
            - 'frames' is missing now.
            """,
            _captured.ToString(),
            StringComparison.Ordinal
        );
        Assert.Single(new RunFolder(_folder["run"]).Starts());
    }

    [Fact]
    public void What_is_cleared_is_the_training_and_nothing_else()
    {
        string[] left =
        [
            "weights.safetensors",
            "metrics.jsonl",
            "run.json",
            "checkpoints/checkpoint-000000001.safetensors",
            "events/events.out.tfevents.1",
        ];
        string[] others = ["metrics.json", "model.zip", "overlays/a.png", "tables/mine.json"];
        foreach (string file in (string[])[.. left, .. others])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "");
        }

        Assert.True(new RunFolder(_folder.FullName).HasTraining);
        new RunFolder(_folder.FullName).Clear();

        Assert.False(new RunFolder(_folder.FullName).HasTraining);
        Assert.Equal(
            others.Order(StringComparer.Ordinal),
            Directory
                .GetFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_folder.FullName, file).Replace('\\', '/'))
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
    public void What_is_done_again_replaces_what_metrics_tell_of_it()
    {
        string path = _folder["metrics.jsonl"];
        Write(path, 1, 2, 3, 4);
        File.AppendAllText(path, "{\"step\":5,\"lo");

        Write(path, 3, 4, 5);

        Assert.Equal([1, 2, 3, 4, 5], Steps(path));

        static void Write(string path, params int[] steps)
        {
            using var file = new MetricsFile(path);
            Array.ForEach(steps, step => file.Report(Report(step)));
        }
    }

    [Fact]
    public void Events_are_records_that_TensorBoard_reads()
    {
        using (var file = new EventFile(_folder["events"]))
        {
            file.Report(Report(7));
            file.Report(Report(8) with { CovarianceLoss = 0.25 });
        }

        Event[] events = [.. Events(Assert.Single(Directory.GetFiles(_folder["events"], "events.out.tfevents.*")))];

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal((7, SessionLog.Types.SessionStatus.Start), (events[1].Step, events[1].SessionLog.Status));
        Assert.Equal([7L, 8L], events[2..].Select(entry => entry.Step));
        Assert.All(events, entry => Assert.InRange(entry.WallTime, 1.7e9, 1e10));
        var loss = Assert.Single(events[2].Summary.Value, value => value.Tag == "loss/total");
        Assert.Equal(2.5f, loss.SimpleValue);
        Assert.Contains(events[2].Summary.Value, value => value.Tag == "health/effective_rank");
        Assert.DoesNotContain(events[3].Summary.Value, value => value.Tag == "health/effective_rank");
        Assert.DoesNotContain(events[2].Summary.Value, value => value.Tag == "loss/covariance");
        Assert.Equal(
            0.25f,
            Assert.Single(events[3].Summary.Value, value => value.Tag == "loss/covariance").SimpleValue
        );
    }

    /// <summary>The check value of CRC-32C, as its specification gives it, masked.</summary>
    [Fact]
    public void The_checksum_is_crc_32c() =>
        Assert.Equal(
            System.Numerics.BitOperations.RotateRight(0xE3069283, 15) + 0xa282ead8,
            EventFile.MaskedChecksum("123456789"u8)
        );

    private static IEnumerable<Event> Events(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 0; at < bytes.Length; )
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Checksum(at + 8), EventFile.MaskedChecksum(bytes.AsSpan(at, 8)));
            Assert.Equal(Checksum(at + 12 + length), EventFile.MaskedChecksum(bytes.AsSpan(at + 12, length)));
            yield return Event.Parser.ParseFrom(bytes, at + 12, length);
            at += 16 + length;
        }

        uint Checksum(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
    }

    private static int[] Steps(string path) =>
        [.. File.ReadLines(path).Select(line => (int)JsonNode.Parse(line)!["step"]!)];

    private static StepReport Report(int step) =>
        new()
        {
            Step = step,
            Steps = 10,
            Loss = 2.5,
            MeanSquaredError = 1,
            ClsLoss = 1,
            PatchLoss = 1,
            PredictionGain = double.NaN,
            LearningRate = 1e-3,
            GradientNorm = 1,
            PairsPerSecond = 10,
            Elapsed = TimeSpan.Zero,
            Remaining = TimeSpan.Zero,
            Pass = 0,
            Waiting = TimeSpan.Zero,
            Health = new FeatureHealth(7, 0.8, 4, 0.9),
        };
}
