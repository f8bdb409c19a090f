using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Xunit;

namespace Tdv.MLNet.Tests.Video;

/// <summary>Videos that lie about time, names that look like something else, and files that are no videos.</summary>
public sealed class StrangeVideoTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TestVideo _files = new();
    private readonly List<string> _warnings = [];

    public StrangeVideoTests()
    {
        _ml.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning)
            {
                _warnings.Add(log.RawMessage);
            }
        };
    }

    [Theory]
    [InlineData(1.7e9)]
    [InlineData(2592000)]
    [InlineData(120)]
    public void A_jump_of_the_clock_costs_one_step_and_is_told(double jump)
    {
        double[] times = [.. Enumerable.Range(0, 40).Select(i => (i * 0.05) + (i < 20 ? 0 : jump))];
        string path = TimedVideo.Write(_files.At("jump.mkv"), times);

        List<(int Frame, float Time)> rows = Read(_ml.Data.LoadFromVideos(path));

        Assert.Equal([5, 10, 15, 20, 25, 30, 35], rows.Select(row => row.Frame));
        Assert.All(rows, row => Assert.Equal(row.Frame * 0.05f, row.Time, 0.002f));
        string warning = Assert.Single(_warnings);
        Assert.StartsWith($"'{path}': after 0.95 s the clock jumps by ", warning, StringComparison.Ordinal);
        Assert.EndsWith(" s. Jumps count as one frame's time.", warning, StringComparison.Ordinal);
    }

    /// <summary>Of a part of a recording: Matroska announces the end on the recording's clock, and times count from its own start.</summary>
    [Theory]
    [InlineData(3602, 0)]
    [InlineData(3606, 1)]
    public void A_recording_that_begins_late_is_no_shorter_for_that(double announced, int warnings)
    {
        double[] times = [.. Enumerable.Range(0, 40).Select(i => 3600 + (i * 0.05))];
        string path = TimedVideo.Write(_files.At("late.mkv"), times, announced: announced);

        List<(int Frame, float Time)> rows = Read(_ml.Data.LoadFromVideos(path));

        Assert.Equal([5, 10, 15, 20, 25, 30, 35], rows.Select(row => row.Frame));
        Assert.Equal(0.25f, rows[0].Time, 0.002f);
        Assert.Equal(
            Enumerable.Repeat(
                $"'{path}' ends at 2 s, but announces 6 s: the rest is missing or damaged. The part before is used.",
                warnings
            ),
            _warnings
        );
    }

    [Fact]
    public void Frames_that_an_edit_list_hides_are_not_missing()
    {
        string path = _files.Write("cut.mp4", 10, 100);
        byte[] bytes = File.ReadAllBytes(path);
        int list = bytes.AsSpan().IndexOf("elst"u8);
        Assert.True(list > 0);
        // Behind version, flags and count: what is shown, in units of the movie, here milliseconds.
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(list + 12), 3000);
        File.WriteAllBytes(path, bytes);

        List<(int Frame, float Time)> rows = Read(_ml.Data.LoadFromVideos(path));

        Assert.InRange(rows[^1].Time, 2, 3.2);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_codec_that_cannot_be_decoded_is_named_with_the_way_to_convert_it()
    {
        string path = TimedVideo.Write(_files.At("new.mkv"), [0, 0.1, 0.2], "V_AV1");

        var error = Assert.Throws<InvalidOperationException>(() => Read(_ml.Data.LoadFromVideos(path)));

        Assert.Contains("is coded as 'V_AV1'", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"Convert it: ffmpeg -i '{path}' -c:v libx264 -crf 18 'new-h264.mp4'",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("12:30:00.mp4")]
    [InlineData("-x.mp4")]
    [InlineData("concat:a.mp4")]
    [InlineData("pipe:0.mp4")]
    [InlineData("clip%03d.mp4")]
    [InlineData("100%.mp4")]
    [InlineData("a b'c\".mp4")]
    [InlineData("line\nbreak.mp4")]
    public void A_name_is_a_name(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        File.Move(_files.Write("plain.mp4", 10, 6), _files.At(name));

        // By itself, relative to the folder, by its folder, and by a pattern.
        string[] entries =
        [
            _files.At(name),
            Path.GetRelativePath(".", _files.At(name)),
            _files.Folder,
            _files.At("*.mp4"),
        ];
        foreach (string entry in entries)
        {
            Assert.Equal([2, 5], Read(_ml.Data.LoadFromVideos(entry)).Select(row => row.Frame));
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_gif_whose_name_looks_like_a_pattern_is_read_itself()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere open files have no names.");
        WriteGif(_files.At("a1.gif"), shade: 255);
        WriteGif(_files.At("a%d.gif"), shade: 0);

        List<(int Frame, float Time)> rows = Read(_ml.Data.LoadFromVideos(_files.At("a%d.gif")));

        Assert.All(rows, row => Assert.Equal(0, row.Frame));
        Assert.NotEmpty(rows);
    }

    [Theory]
    [InlineData("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nsecret.mp4\n#EXT-X-ENDLIST\n")]
    [InlineData("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nsecret.mp4\n#EXT-X-ENDLIST\n")]
    [InlineData("list.mkv", "ffconcat version 1.0\nfile secret.mp4\n")]
    [InlineData("list.ts", "ffconcat version 1.0\nfile secret.mp4\n\0")]
    [InlineData("list.mov", "<?xml version=\"1.0\"?><MPD profiles=\"urn:mpeg:dash:profile:isoff-main:2011\"/>")]
    [InlineData("list.avi", "v=0\nm=video 5000 RTP/AVP 96\nc=IN IP4 127.0.0.1\n")]
    [InlineData("script.ts", "export const answer = 42;\n")]
    public void A_list_of_other_files_opens_none(string name, string text)
    {
        _files.Write("secret.mp4", 10, 20);
        File.WriteAllText(_files.At(name), text);

        var error = Assert.Throws<InvalidOperationException>(() => Read(_ml.Data.LoadFromVideos(_files.At(name))));

        Assert.Contains(
            $"'{_files.At(name)}' is a text or a list of other files, such as a playlist, and no video.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Reading_ends_when_the_context_is_canceled()
    {
        IDataView videos = _ml.Data.LoadFromVideos(_files.Write("a.mp4", 10, 50), new() { EveryFrame = true });
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema);
        Assert.True(cursor.MoveNext());

        Tdv.MLNet.MLNet.MLNetInternals.Cancel(_ml);

        Assert.Throws<OperationCanceledException>(() => cursor.MoveNext());
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Two frames of 1 × 1 pixel of one shade.</summary>
    private static void WriteGif(string path, byte shade)
    {
        byte[] frame = [0x21, 0xF9, 4, 0, 50, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        byte[] head = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, shade, shade, shade, shade, shade, shade];
        File.WriteAllBytes(path, [.. head, .. frame, .. frame, 0x3B]);
    }

    private static List<(int Frame, float Time)> Read(IDataView videos)
    {
        var rows = new List<(int, float)>();
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema);
        var time = cursor.GetGetter<float>(videos.Schema["Time"]);
        var frame = cursor.GetGetter<MLImage>(videos.Schema["Frame"]);
        while (cursor.MoveNext())
        {
            float seconds = 0;
            MLImage image = null!;
            time(ref seconds);
            frame(ref image);
            rows.Add((TestVideo.NumberIn(image), seconds));
        }
        return rows;
    }
}
