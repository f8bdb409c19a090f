using OpenCvSharp;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class PartialVideoTests
{
    [Fact]
    public void A_complete_video_takes_its_place()
    {
        using var folder = new TemporaryFolder();
        using (var output = OutputFolder.Open(folder[""]))
        using (var video = new PartialVideo(output, "a.overlay.mp4", 10))
        {
            Write(video);
            Assert.False(File.Exists(folder["a.overlay.mp4"]));
            video.Complete();
        }

        Assert.Equal([folder["a.overlay.mp4"]], Directory.GetFiles(folder[""]));
        using var written = new VideoCapture(folder["a.overlay.mp4"]);
        Assert.Equal(3, written.FrameCount);
    }

    [Fact]
    public void An_incomplete_one_leaves_nothing_and_spares_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        using (var output = OutputFolder.Open(folder[""]))
        {
            output.Write("a.mp4", stream => stream.Write("earlier"u8));
            using var video = new PartialVideo(output, "a.mp4", 10);
            Write(video);
        }

        Assert.Equal([folder["a.mp4"]], Directory.GetFiles(folder[""]));
        Assert.Equal("earlier", File.ReadAllText(folder["a.mp4"]));
    }

    [Fact]
    public void A_video_without_frames_is_no_video()
    {
        using var folder = new TemporaryFolder();
        using var output = OutputFolder.Open(folder[""]);
        using var video = new PartialVideo(output, "a.mp4", 10);

        Assert.Contains("no frame", Assert.Throws<UserException>(video.Complete).Message, StringComparison.Ordinal);
    }

    /// <summary>The encoder keeps quiet when the disk is full, and the file has no index then.</summary>
    [Fact]
    public void A_video_that_did_not_reach_the_disk_is_told_and_spares_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        using var output = OutputFolder.Open(folder[""]);
        output.Write("a.mp4", stream => stream.Write("earlier"u8));
        using var video = new PartialVideo(output, "a.mp4", 10);
        Write(video);
        string partial = Assert.Single(Directory.GetFiles(folder[".tdv"], "*.mp4"));
        // What the encoder goes on writing has no name any more.
        File.Delete(partial);
        File.WriteAllText(partial, "cut short");

        var error = Assert.Throws<UserException>(video.Complete);

        Assert.Equal(
            $"The video '{Path.Combine(folder[""], "a.mp4")}' cannot be written: its 3 frames did not all reach the disk. Is it full?",
            error.Message
        );
        Assert.Equal("earlier", File.ReadAllText(folder["a.mp4"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_that_vanishes_is_told(bool atOnce)
    {
        using var folder = new TemporaryFolder();
        using var output = OutputFolder.Open(folder["out"]);
        using var video = new PartialVideo(output, "a.mp4", 10);
        if (!atOnce)
        {
            Write(video);
        }

        Directory.Delete(folder["out"], recursive: true);
        var error = Assert.Throws<UserException>(() =>
        {
            if (atOnce)
            {
                Write(video);
            }

            video.Complete();
        });

        Assert.Equal(
            $"'{folder["out/a.mp4"]}' cannot be written: The folder '{folder["out"]}' was removed or renamed while it was written to.",
            error.Message
        );
    }

    private static void Write(PartialVideo video)
    {
        using var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(90));
        for (int i = 0; i < 3; i++)
        {
            video.Write(picture);
        }
    }
}
