using OpenCvSharp;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class PacedVideoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Each_picture_stays_until_the_next_ones_time()
    {
        Assert.Equal([0, 100, 100, 100, 200, 250], Shades(new VideoPace(10, IsVarying: true), 1, [0, 0.1, 0.4, 0.5]));
    }

    [Fact]
    public void A_rate_that_the_encoder_does_not_take_is_rounded()
    {
        Assert.Equal(
            [0, 100, 200],
            Shades(new VideoPace(238.57142857, IsVarying: false), 1, [0, 1 / 238.571, 2 / 238.571])
        );
        using var video = new VideoCapture(_folder["a.mp4"], VideoCaptureAPIs.FFMPEG);
        Assert.Equal(238.57, video.Fps, 0.01);
    }

    [Theory]
    [InlineData(1.5, 96, 48)]
    [InlineData(0.5, 64, 96)]
    public void Pixels_become_square_by_stretching(double aspect, int width, int height)
    {
        Shades(new VideoPace(10, IsVarying: false), aspect, [0, 0.1]);

        using var video = new VideoCapture(_folder["a.mp4"], VideoCaptureAPIs.FFMPEG);
        Assert.Equal((width, height), (video.FrameWidth, video.FrameHeight));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes pictures of growing brightness at times; the brightness of each frame of the video.</summary>
    private int[] Shades(VideoPace pace, double aspect, double[] times)
    {
        int[] shades = [0, 100, 200, 250];
        using (var output = OutputFolder.Open(_folder[""]))
        using (var file = new PartialVideo(output, "a.mp4", pace.Rate))
        using (var video = new PacedVideo(file, pace, aspect))
        {
            foreach (var (time, shade) in times.Zip(shades))
            {
                using var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(shade));
                video.Write(picture, time, TestContext.Current.CancellationToken);
            }

            video.Complete();
            Assert.Equal((times.Length, 0), (video.Pictures, video.Hidden));
        }

        using var written = new VideoCapture(_folder["a.mp4"], VideoCaptureAPIs.FFMPEG);
        var found = new List<int>();
        using var frame = new Mat();
        while (written.Read(frame))
        {
            double mean = Cv2.Mean(frame).Val0;
            found.Add(shades.MinBy(shade => Math.Abs(shade - mean)));
        }

        return [.. found];
    }
}
