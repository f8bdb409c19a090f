using OpenCvSharp;

namespace Tdv.MLNet.Benchmarks;

/// <summary>A small video of any length: a disc that moves.</summary>
internal static class TestVideo
{
    private const int FramesPerSecond = 30;

    public static void Write(string path, int minutes, int framesPerSecond = FramesPerSecond)
    {
        var size = new Size(160, 120);
        using var writer = new VideoWriter(path, FourCC.MP4V, framesPerSecond, size);
        using var frame = new Mat(size, MatType.CV_8UC3);
        for (int i = 0; i < minutes * 60 * framesPerSecond; i++)
        {
            frame.SetTo(new Scalar(40, 90, 60));
            Cv2.Circle(frame, new Point(20 + (i % 120), 60), 15, Scalar.All(220), -1);
            writer.Write(frame);
        }
    }
}
