using System.Buffers.Binary;
using Tdv.Tool.Output;
using Tensorboard;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>The steps of a training in files: lines of JSON, and TensorBoard's events.</summary>
[Collection("console")]
public sealed class StepFilesTests : IDisposable
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
    public void Lines_that_no_training_wrote_are_kept_and_told()
    {
        Console.SetError(_captured);
        string path = _folder["metrics.jsonl"];
        using (var file = new MetricsFile(path))
        {
            file.Report(RecordedSteps.Of(1));
        }

        File.AppendAllText(path, "my notes\n");
        string before = File.ReadAllText(path);
        using (var file = new MetricsFile(path))
        {
            file.Report(RecordedSteps.Of(2));
        }

        Assert.Equal([1, 2], RecordedSteps.In(path));
        Assert.Equal(before, File.ReadAllText($"{path}.damaged"));
        Assert.Contains("has lines that are damaged, and is kept as '", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_done_again_replaces_what_metrics_tell_of_it()
    {
        string path = _folder["metrics.jsonl"];
        Write(path, 1, 2, 3, 4);
        File.AppendAllText(path, "{\"step\":5,\"lo");

        Write(path, 3, 4, 5);

        Assert.Equal([1, 2, 3, 4, 5], RecordedSteps.In(path));

        static void Write(string path, params int[] steps)
        {
            using var file = new MetricsFile(path);
            Array.ForEach(steps, step => file.Report(RecordedSteps.Of(step)));
        }
    }

    [Fact]
    public void Events_are_records_that_TensorBoard_reads()
    {
        using (var file = new EventFile(_folder["events"]))
        {
            file.Report(RecordedSteps.Of(7));
            file.Report(RecordedSteps.Of(8) with { CovarianceLoss = 0.25 });
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
}
