using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Xunit;

namespace Tdv.MLNet.Tests.Video;

public sealed class BadVideoTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TestVideo _files = new();
    private readonly List<string> _warnings = [];

    public BadVideoTests()
    {
        _ml.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning)
            {
                _warnings.Add(log.RawMessage);
            }
        };
    }

    [Fact]
    public void AllFaultsAtTheDoor_ComeInOneMessage()
    {
        var options = new VideoOptions
        {
            FrameInterval = 0,
            RowInterval = double.NaN,
            EveryFrame = true,
            FrameWidth = -3,
            FrameFolderRate = 0,
        };
        string missing = _files.At("missing.mp4");
        string pattern = _files.At("*.mkv");
        string text = Directory.CreateDirectory(_files.At("text")).FullName;

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Data.LoadFromVideos([missing, pattern, text, " "], options)
        );

        Assert.Equal(
            string.Join(
                "\n- ",
                "Videos cannot be loaded:",
                "VideoOptions.FrameInterval is 0; it must be at least 0.001 seconds.",
                "VideoOptions.RowInterval is NaN; it must be at least 0.001 seconds, or null.",
                "VideoOptions.RowInterval and EveryFrame exclude each other; give only one.",
                "VideoOptions.FrameHeight and FrameWidth belong together; give both or neither.",
                "VideoOptions.FrameWidth is -3; it must be from 1 to 16384 pixels.",
                "VideoOptions.FrameFolderRate is 0; it must be above 0 and at most 1000 frames per second.",
                $"'{missing}' does not exist. Name a video file, a folder or a pattern such as 'clips/*.mp4'.",
                $"No video matches '{pattern}' (in '{Directory.GetCurrentDirectory()}'). Check the folder and the pattern.",
                $"Folder '{text}' holds neither videos nor numbered pictures (png, jpg, bmp, webp).",
                "The list of videos has an empty entry. Remove it."
            ),
            error.Message
        );
    }

    [Fact]
    public void EmptyList_IsRefused() =>
        AssertRefused(
            "The list of videos is empty. Name at least one video file, folder or pattern such as 'clips/*.mp4'."
        );

    [Fact]
    public void FolderWithTwoFrameSizes_IsRefusedNamingBoth()
    {
        string folder = _files.WriteFolder("frames", 3);
        using (var odd = new OpenCvSharp.Mat(20, 30, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.Black))
        {
            OpenCvSharp.Cv2.ImWrite(Path.Combine(folder, "frame2.png"), odd);
        }

        AssertRefused(
            $"Folder '{folder}' holds frames of two sizes: '{folder}/frame0.png' is 80×32, '{folder}/frame2.png' is 30×20 "
                + "pixels. Keep each video's frames in a folder of its own.",
            folder
        );
    }

    [Fact]
    public void FolderWithASingleFrame_IsRefused()
    {
        string folder = _files.WriteFolder("frames", 1);

        AssertRefused(
            $"Folder '{folder}' holds a single frame, '{folder}/frame0.png'; a row needs a frame and its predecessor.",
            folder
        );
    }

    [Fact]
    public void FolderOfVideosAndFrames_IsRefused()
    {
        string folder = _files.WriteFolder("frames", 2);
        _files.Write("frames/a.mp4", 10, 5);

        AssertRefused(
            $"Folder '{folder}' holds both videos (1) and numbered pictures (2). Name the videos with a pattern such as "
                + "'*.mp4', or move the pictures to a folder of their own.",
            folder
        );
    }

    [Fact]
    public void PictureInPlaceOfAVideo_IsRefused()
    {
        string folder = _files.WriteFolder("frames", 2);

        AssertRefused(
            $"'{folder}/frame0.png' is a picture, not a video. For numbered frames name their folder.",
            $"{folder}/*.png"
        );
    }

    [Fact]
    public void UnreadableVideosAmongOthers_AreNamedSkippedAndCounted()
    {
        string good = _files.Write("good.mp4", 10, 20);
        string empty = _files.WriteBytes("empty.mp4");
        string noise = _files.WriteBytes("noise.mp4", new byte[5000]);
        string sound = _files.WriteBytes("sound.mp4", Wave());
        string single = _files.Write("single.mp4", 10, 1);
        string brief = _files.Write("brief.mp4", 60, 6);

        IDataView videos = _ml.Data.LoadFromVideos([empty, noise, good, sound, single, brief]);

        Assert.Equal(Enumerable.Repeat(good, 7), ReadVideos(videos));
        const string Unreadable = "holds no video that FFmpeg can read: it is damaged, or has no picture track.";
        Assert.Equal(
            [
                $"'{empty}' is empty, or no plain file. It is skipped.",
                $"'{noise}' {Unreadable} It is skipped.",
                $"'{sound}' {Unreadable} It is skipped.",
                $"'{single}' holds a single frame; a row needs a frame and its predecessor. It is skipped.",
                $"'{brief}' ends at 0.083 s and yields no pair of readable frames 0.25 s apart. "
                    + "Lower VideoOptions.FrameInterval or remove the video. It is skipped.",
                "5 of 6 videos yielded nothing and were skipped.",
            ],
            _warnings
        );

        _warnings.Clear();
        Assert.InRange(ReadVideos(videos, new Random(1)).Count, 6, 7);
        Assert.Equal(["5 of 6 videos yielded nothing and were skipped."], _warnings);
    }

    [Fact]
    public void NothingReadable_IsAnError()
    {
        string empty = _files.WriteBytes("empty.mp4");
        string single = _files.Write("single.mp4", 10, 1);
        IDataView videos = _ml.Data.LoadFromVideos([empty, single]);

        var error = Assert.Throws<InvalidOperationException>(() => ReadVideos(videos));

        Assert.Equal(
            $"No frame pair could be read from 2 videos:\n- '{empty}' is empty, or no plain file.\n"
                + $"- '{single}' holds a single frame; a row needs a frame and its predecessor.",
            error.Message
        );
    }

    [Theory]
    [InlineData("cut.avi", "MJPG")]
    [InlineData("cut.mkv", "FFV1")]
    public void VideoCutShort_GivesItsGoodPartAndAWarning(string name, string codec)
    {
        string path = _files.Write(name, 10, 100, codec);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(file.Length / 2);
        }

        int rows = ReadVideos(_ml.Data.LoadFromVideos(path)).Count;

        Assert.InRange(rows, 15, 24);
        string warning = Assert.Single(_warnings);
        Assert.StartsWith($"'{path}' ends at ", warning, StringComparison.Ordinal);
        Assert.EndsWith(
            "announces 10 s: the rest is missing or damaged. The part before is used.",
            warning,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void VideoDamagedInTheMiddle_KeepsWhatCanBeDecoded()
    {
        string path = _files.Write("hurt.mp4", 10, 100);
        using (FileStream file = File.OpenWrite(path))
        {
            file.Position = file.Length / 4;
            file.Write(new byte[file.Length / 10]);
        }

        Assert.InRange(ReadVideos(_ml.Data.LoadFromVideos(path)).Count, 10, 39);
    }

    [Fact]
    public void DamagedPicture_LeavesOutTheRowsThatNeedIt_NamingFileAndTime()
    {
        string folder = _files.WriteFolder("frames", 40);
        File.WriteAllText(Path.Combine(folder, "frame15.png"), "no picture");
        var options = new VideoOptions { FrameFolderRate = 20 };

        int rows = ReadVideos(_ml.Data.LoadFromVideos(folder, options)).Count;

        Assert.Equal(5, rows);
        Assert.Equal(
            [$"'{folder}/frame15.png' at 0.75 s cannot be decoded; rows that need this frame are left out."],
            _warnings
        );
    }

    public void Dispose() => _files.Dispose();

    private void AssertRefused(string fault, params string[] videos)
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromVideos(videos));
        Assert.Equal($"Videos cannot be loaded:\n- {fault}", error.Message);
    }

    private static List<string> ReadVideos(IDataView videos, Random? random = null)
    {
        var read = new List<string>();
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema, random);
        var video = cursor.GetGetter<ReadOnlyMemory<char>>(videos.Schema["Video"]);
        var frame = cursor.GetGetter<MLImage>(videos.Schema["Frame"]);
        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> name = default;
            MLImage image = null!;
            video(ref name);
            frame(ref image);
            image.Dispose();
            read.Add(name.ToString());
        }
        return read;
    }

    /// <summary>A second of silence, 8 kHz, as a wave file.</summary>
    private static byte[] Wave()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + 8000);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(8000);
        writer.Write(8000);
        writer.Write((short)1);
        writer.Write((short)8);
        writer.Write("data"u8);
        writer.Write(8000);
        writer.Write(Enumerable.Repeat((byte)128, 8000).ToArray());
        return stream.ToArray();
    }
}
