using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Video;
using Xunit;

namespace Tdv.MLNet.Tests.Video;

/// <summary>What of a folder is read, in which order, and what is said of the rest.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TestVideo _files = new();
    private readonly List<string> _warnings = [];

    public FolderTests()
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
    public void What_is_left_out_is_said()
    {
        foreach (
            string name in new[]
            {
                "a.mp4",
                "b.GIF",
                "c.mxf",
                "d.Asf",
                "e.txt",
                "f.txt",
                "g.r3d",
                "noending",
                ".h",
                "1.png",
            }
        )
        {
            _files.WriteBytes(name, 1);
        }
        Directory.CreateDirectory(_files.At("sub"));
        Directory.CreateDirectory(_files.At(".tdv"));

        var paths = new VideoPaths([_files.Folder]);

        Assert.Empty(paths.Faults);
        Assert.Equal(["a.mp4", "b.GIF", "c.mxf", "d.Asf"], paths.Videos.Select(Path.GetFileName));
        const string Said =
            "4 videos, 6 files left out: 1 picture, 2 .txt, 1 .r3d, 1 hidden, 1 without an ending; 1 folder in it not entered.";
        Assert.Equal([$"Folder '{_files.Folder}': {Said}"], paths.LeftOut);
        _ml.Data.LoadFromVideos(_files.Folder);
        Assert.Equal([$"Folder '{_files.Folder}': {Said}"], _warnings);
    }

    [Fact]
    public void A_pattern_tells_what_it_matches_in_vain_and_a_folder_of_other_files_what_is_in_it()
    {
        _files.WriteBytes("a.mp4", 1);
        _files.WriteBytes("b.txt", 1);
        Directory.CreateDirectory(_files.At("raw"));
        _files.WriteBytes("raw/1.tif", 1);
        _files.WriteBytes("raw/2.tif", 1);

        Assert.Equal(
            [$"'{_files.At("*")}': 1 video, 1 file left out that are no videos, such as '{_files.At("b.txt")}'."],
            new VideoPaths([_files.At("*")]).LeftOut
        );
        Assert.Equal(
            [
                $"Folder '{_files.At("raw")}' holds neither videos nor numbered pictures (png, jpg, bmp, webp): 2 files left "
                    + "out: 2 .tif.",
            ],
            new VideoPaths([_files.At("raw")]).Faults
        );
    }

    [Fact]
    public void Frames_are_in_the_order_of_their_numbers_whatever_their_case()
    {
        string folder = _files.WriteFolder("frames", 12, prefix: "");
        File.Move(Path.Combine(folder, "2.png"), Path.Combine(folder, "2.PNG"));
        var options = new VideoOptions { EveryFrame = true };

        Assert.Equal(Enumerable.Range(0, 12), Frames(_ml.Data.LoadFromVideos(folder, options)));
    }

    [Theory]
    [InlineData("left_1.png right_1.png left_2.png right_2.png", "<left_1.png> (2) and <right_1.png> (2)")]
    [InlineData("1.png 1_mask.png 2.png 2_mask.png", "<1.png> (2) and <1_mask.png> (2)")]
    [InlineData("1.jpg 1.png 2.jpg 2.png", "<1.jpg> and <1.png>")]
    [InlineData("cam1_1.png cam1_2.png cam2_1.png cam2_2.png", "<cam1_1.png> (2) and <cam2_1.png> (2)")]
    public void Two_series_of_pictures_are_not_one_video(string names, string expected)
    {
        Write(names);

        string fault = Assert.Single(new VideoPaths([_files.At("frames")]).Faults);

        Assert.Equal(
            $"Folder '{_files.At("frames")}' holds more than one series of pictures, such as "
                + $"{expected.Replace("<", $"'{_files.At("frames")}/").Replace(">", "'")}. Keep each "
                + "video's frames in a folder of its own, without masks or another camera's pictures beside them.",
            fault
        );
    }

    [Theory]
    [InlineData("a_00_58.png a_00_59.png a_01_00.png a_01_01.png")]
    [InlineData("frame1_t0.5.png frame2_t1.0.png frame3_t1.5.png")]
    [InlineData("v2_1.png v2_2.png v2_10.png")]
    [InlineData("1.png 2.jpg 3.PNG")]
    public void One_series_is(string names)
    {
        Write(names);

        Assert.Equal([_files.At("frames")], new VideoPaths([_files.At("frames")]).Videos);
    }

    [Fact]
    public void Links_lead_to_a_video_once_and_circles_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Directory.CreateDirectory(_files.At("a/b"));
        _files.WriteBytes("a/1.mp4", 1);
        _files.WriteBytes("a/b/2.mp4", 1);
        File.CreateSymbolicLink(_files.At("a/3.mp4"), "1.mp4");
        Directory.CreateSymbolicLink(_files.At("a/b/up"), "..");
        Directory.CreateSymbolicLink(_files.At("a/b/up2"), _files.At("a"));
        Directory.CreateSymbolicLink(_files.At("other"), "a");

        var paths = new VideoPaths([_files.At("**/*.mp4"), _files.At("a"), _files.At("other")]);

        Assert.Equal(
            [$"Folder '{_files.At("a")}': 1 video, 1 file left out: 1 under another name; 1 folder in it not entered."],
            paths.LeftOut.Take(1)
        );
        Assert.Equal(["a/1.mp4", "a/b/2.mp4"], paths.Videos.Select(path => Path.GetRelativePath(_files.Folder, path)));
    }

    [Fact]
    public async Task Pipes_are_refused_and_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such files.");
        string folder = _files.WriteFolder("frames", 30);
        foreach (string name in new[] { "frames/frame12.png", "pipe.mp4" })
        {
            File.Delete(_files.At(name));
            using Process made = Process.Start("mkfifo", [_files.At(name)]);
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        File.CreateSymbolicLink(_files.At("link.mp4"), _files.At("pipe.mp4"));
        File.Delete(Path.Combine(folder, "frame13.png"));
        File.CreateSymbolicLink(Path.Combine(folder, "frame13.png"), "frame12.png");

        List<int> frames = await Task.Run(
                () => Frames(_ml.Data.LoadFromVideos([folder, _files.At("link.mp4")], Every)),
                TestContext.Current.CancellationToken
            )
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.DoesNotContain(12, frames);
        Assert.DoesNotContain(13, frames);
        Assert.Contains(11, frames);
        Assert.Contains(29, frames);
        Assert.Contains($"'{_files.At("link.mp4")}' is empty, or no plain file. It is skipped.", _warnings);
        Assert.Contains(
            _warnings,
            warning => warning.Contains("frame12.png' at 0.4 s cannot", StringComparison.Ordinal)
        );
    }

    public void Dispose() => _files.Dispose();

    private static VideoOptions Every => new() { EveryFrame = true, FrameInterval = 0.03 };

    private void Write(string names)
    {
        Directory.CreateDirectory(_files.At("frames"));
        foreach (string name in names.Split(' '))
        {
            using OpenCvSharp.Mat frame = TestVideo.Numbered(1);
            File.WriteAllBytes(_files.At($"frames/{name}"), frame.ImEncode(Path.GetExtension(name)));
        }
    }

    private static List<int> Frames(IDataView videos)
    {
        var numbers = new List<int>();
        using DataViewRowCursor cursor = videos.GetRowCursor(videos.Schema);
        var frame = cursor.GetGetter<MLImage>(videos.Schema["Frame"]);
        while (cursor.MoveNext())
        {
            MLImage image = null!;
            frame(ref image);
            numbers.Add(TestVideo.NumberIn(image));
        }
        return numbers;
    }
}
