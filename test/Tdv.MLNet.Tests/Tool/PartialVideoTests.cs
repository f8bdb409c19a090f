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
        using (var video = new PartialVideo(folder["a.overlay.mp4"], 10))
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
        File.WriteAllText(folder["a.mp4"], "earlier");
        using (var video = new PartialVideo(folder["a.mp4"], 10))
        {
            Write(video);
        }

        Assert.Equal([folder["a.mp4"]], Directory.GetFiles(folder[""]));
        Assert.Equal("earlier", File.ReadAllText(folder["a.mp4"]));
    }

    [Fact]
    public void A_video_without_frames_is_no_video()
    {
        using var folder = new TemporaryFolder();
        using var video = new PartialVideo(folder["a.mp4"], 10);

        Assert.Contains("no frame", Assert.Throws<UserException>(video.Complete).Message, StringComparison.Ordinal);
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
