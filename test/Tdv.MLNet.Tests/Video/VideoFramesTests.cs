using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Video;
using Xunit;

namespace Tdv.MLNet.Tests.Video;

public sealed class VideoFramesTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TestVideo _files = new();

    [Theory]
    [InlineData(1, 6)]
    [InlineData(10, 40)]
    [InlineData(24, 80)]
    [InlineData(29.97, 100)]
    [InlineData(60, 150)]
    [InlineData(120, 250)]
    public void Mp4_RowsShowTheFramesNearestToTheWantedTimes(double rate, int frames)
    {
        string path = _files.Write("a.mp4", rate, frames);
        double[] times = [.. Enumerable.Range(0, frames).Select(i => i / rate)];

        AssertRows(PairOracle.Rows(times, 0.25, 0.25), path, new VideoOptions());
        AssertRows(PairOracle.Rows(times, 0.25, 0.1), path, new VideoOptions { RowInterval = 0.1 });
    }

    [Fact]
    public void OtherContainer_OddRate_FollowsTheRule()
    {
        string path = _files.Write("a.avi", 13.7, 60, "MJPG");
        double[] times = [.. Enumerable.Range(0, 60).Select(i => i / 13.7)];

        AssertRows(PairOracle.Rows(times, 0.25, 0.25), path, new VideoOptions());
    }

    [Fact]
    public void EveryFrame_GivesARowForEachFrame()
    {
        string path = _files.Write("a.mp4", 24, 30);

        List<Row> rows = Read(_ml.Data.LoadFromVideos(path, new VideoOptions { EveryFrame = true }));

        Assert.Equal(Enumerable.Range(0, 30), rows.Select(r => r.Frame));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => Math.Max(0, i - 6)), rows.Select(r => r.Previous));
    }

    [Fact]
    public void FrameFolder_IsAVideoInTheOrderOfItsNumbers()
    {
        string folder = _files.WriteFolder("frames", 25);
        var options = new VideoOptions { FrameFolderRate = 12, FrameInterval = 0.5 };

        List<Row> rows = Read(_ml.Data.LoadFromVideos(folder, options));

        Assert.Equal([(0, 6), (6, 12), (12, 18), (18, 24)], rows.Select(r => (r.Previous, r.Frame)));
        Assert.Equal([0.5f, 1f, 1.5f, 2f], rows.Select(r => r.Time));
        Assert.All(rows, row => Assert.Equal(folder, row.Video));
    }

    [Fact]
    public void FrameSize_ShrinksWhileDecoding_AndIsInTheSchema()
    {
        string path = _files.Write("a.mp4", 10, 20);
        var options = new VideoOptions { FrameHeight = 16, FrameWidth = 40 };

        IDataView videos = _ml.Data.LoadFromVideos(path, options);

        var type = Assert.IsType<ImageDataViewType>(videos.Schema["Frame"].Type);
        Assert.Equal((16, 40), (type.Height, type.Width));
        Assert.Equal([2, 5, 7, 10, 12, 15, 17], Read(videos).Select(r => r.Frame));
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema);
        Assert.True(cursor.MoveNext());
        MLImage image = null!;
        cursor.GetGetter<MLImage>(videos.Schema["PreviousFrame"])(ref image);
        using (image)
        {
            Assert.Equal((16, 40, MLPixelFormat.Bgra32), (image.Height, image.Width, image.PixelFormat));
        }
    }

    [Fact]
    public void Images_BelongToTheReader_AndComeAnewEachTime()
    {
        IDataView videos = _ml.Data.LoadFromVideos(_files.Write("a.mp4", 10, 20));
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(videos.Schema["Frame"]);
        cursor.MoveNext();
        MLImage first = null!;
        MLImage second = null!;

        getter(ref first);
        getter(ref second);
        first.Dispose();

        Assert.Equal(2, TestVideo.NumberIn(second));
    }

    [Fact]
    public void PatternAndFolder_FindTheSameVideosInNaturalOrder()
    {
        _files.Write("clip10.mp4", 10, 8);
        _files.Write("clip2.mp4", 10, 8);
        Directory.CreateDirectory(_files.At("deep/er"));
        _files.Write("deep/er/clip1.MP4", 10, 8);

        Assert.Equal(["clip2.mp4", "clip10.mp4"], VideosOf(_files.At("*.mp4")));
        Assert.Equal(["clip2.mp4", "clip10.mp4"], VideosOf(_files.Folder));
        Assert.Equal(["clip2.mp4", "clip10.mp4", "deep/er/clip1.MP4"], VideosOf(_files.At("**/*.mp4")));
        Assert.Equal(["deep/er/clip1.MP4"], VideosOf(_files.At("d*/*/clip?.mp4")));
        Assert.Equal(["clip2.mp4"], VideosOf(_files.At("clip2.mp4"), _files.At("clip?.mp4")));
    }

    [Fact]
    public void Shuffled_CoversAllVideos_RepeatsForTheSameSeed_AndDiffersForAnother()
    {
        IDataView videos = ThreeVideos();

        List<Row> first = Read(videos, new Random(7));
        List<Row> again = Read(videos, new Random(7));
        List<Row> other = Read(videos, new Random(8));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.NotEqual(
            first.OrderBy(r => r.Id.High).ThenBy(r => r.Id.Low),
            other.OrderBy(r => r.Id.High).ThenBy(r => r.Id.Low)
        );
        Assert.Equal(3, first.Select(r => r.Video).Distinct().Count());
        Assert.Equal(3, other.Select(r => r.Video).Distinct().Count());
        Assert.NotEqual(first.OrderBy(r => r.Id.High), first);
        Assert.Equal(first.Count, first.Select(r => r.Id).Distinct().Count());
        Assert.All(first.Where(r => r.Video.EndsWith('a')), row => Assert.InRange(row.Frame - row.Previous, 7, 8));
    }

    [Fact]
    public void Shuffled_TwoPassesOfOneGenerator_StartAtOtherTimes()
    {
        IDataView videos = _ml.Data.LoadFromVideos(_files.WriteFolder("a", 100), new VideoOptions { RowInterval = 1 });
        var random = new Random(3);

        List<Row> first = Read(videos, random);
        List<Row> second = Read(videos, random);

        Assert.Empty(first.Select(r => r.Frame).Intersect(second.Select(r => r.Frame)));
    }

    [Fact]
    public void Shuffled_VideoShorterThanTheRandomStart_IsStillCovered()
    {
        IDataView videos = _ml.Data.LoadFromVideos(_files.WriteFolder("a", 9), new VideoOptions { RowInterval = 100 });

        Assert.Equal([(0, 7)], Read(videos, new Random(3)).Select(r => (r.Previous, r.Frame)));
    }

    [Fact]
    public void Shuffled_FirstRow_DoesNotWaitForTheWholeVideo()
    {
        string folder = _files.WriteFolder("a", 330);
        for (int i = 300; i < 330; i++)
        {
            File.WriteAllText(Path.Combine(folder, $"frame{i}.png"), "no picture");
        }
        int reached = 0;
        _ml.Log += (_, log) => reached += log.Message.Contains("cannot be decoded", StringComparison.Ordinal) ? 1 : 0;
        IDataView videos = _ml.Data.LoadFromVideos(folder);
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema, new Random(1));

        Assert.True(cursor.MoveNext());
        Assert.Equal(0, reached);

        while (cursor.MoveNext()) { }
        Assert.NotEqual(0, reached);
    }

    [Fact]
    public void WithoutImageColumns_NothingIsRetrieved()
    {
        string folder = _files.WriteFolder("a", 20);
        File.WriteAllText(Path.Combine(folder, "frame8.png"), "no picture");
        var warnings = new List<string>();
        _ml.Log += (_, log) => warnings.Add(log.Message);
        IDataView videos = _ml.Data.LoadFromVideos(folder);

        using DataViewRowCursor cursor = videos.GetRowCursor([videos.Schema["Time"]]);
        while (cursor.MoveNext()) { }

        Assert.DoesNotContain(warnings, w => w.Contains("cannot be decoded", StringComparison.Ordinal));
    }

    [Fact]
    public void InactiveColumn_OrWrongType_IsRefused()
    {
        IDataView videos = _ml.Data.LoadFromVideos(_files.WriteFolder("a", 20));
        using DataViewRowCursor cursor = videos.GetRowCursor([videos.Schema["Time"]]);

        var inactive = Assert.Throws<InvalidOperationException>(() =>
            cursor.GetGetter<MLImage>(videos.Schema["Frame"])
        );
        var wrong = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(videos.Schema["Time"]));

        Assert.Equal("Column 'Frame' was not asked for when the cursor was made.", inactive.Message);
        Assert.Equal("Column 'Time' holds Single, not Int32.", wrong.Message);
    }

    public void Dispose() => _files.Dispose();

    private IDataView ThreeVideos() =>
        _ml.Data.LoadFromVideos([
            _files.WriteFolder("a", 100),
            _files.WriteFolder("b", 60),
            _files.WriteFolder("c", 9),
        ]);

    private void AssertRows(List<FramePair> expected, string path, VideoOptions options)
    {
        List<Row> rows = Read(_ml.Data.LoadFromVideos(path, options));

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(p => (p.Previous, p.Frame)), rows.Select(r => ((long)r.Previous, (long)r.Frame)));
        Assert.All(expected.Zip(rows), pair => Assert.Equal(pair.First.Time, pair.Second.Time, 0.001));
    }

    private List<string> VideosOf(params string[] entries) =>
        [
            .. Read(_ml.Data.LoadFromVideos(entries))
                .Select(r => Path.GetRelativePath(_files.Folder, r.Video))
                .Distinct(),
        ];

    private static List<Row> Read(IDataView videos, Random? random = null)
    {
        var rows = new List<Row>();
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema, random);
        var video = cursor.GetGetter<ReadOnlyMemory<char>>(videos.Schema["Video"]);
        var time = cursor.GetGetter<float>(videos.Schema["Time"]);
        var previous = cursor.GetGetter<MLImage>(videos.Schema["PreviousFrame"]);
        var frame = cursor.GetGetter<MLImage>(videos.Schema["Frame"]);
        ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> name = default;
            float seconds = 0;
            MLImage before = null!;
            MLImage now = null!;
            DataViewRowId rowId = default;
            video(ref name);
            time(ref seconds);
            previous(ref before);
            frame(ref now);
            id(ref rowId);
            rows.Add(new Row(name.ToString(), seconds, TestVideo.NumberIn(before), TestVideo.NumberIn(now), rowId));
        }
        return rows;
    }

    private sealed record Row(string Video, float Time, int Previous, int Frame, DataViewRowId Id);
}
