using OpenCvSharp;
using Tdv.MLNet;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Motion;

/// <summary>Optical flow by a method that learns nothing.</summary>
internal static class ClassicFlow
{
    /// <summary>Farnebäck, Two-Frame Motion Estimation Based on Polynomial Expansion, 2003; settings of OpenCV's sample.</summary>
    public static FlowField Farneback(string from, string to)
    {
        _ = PicturePair.SizeOf(from, to);
        using var one = Gray(from);
        using var other = Gray(to);
        using var flow = new Mat();
        Cv2.CalcOpticalFlowFarneback(one, other, flow, 0.5, 5, 15, 3, 5, 1.2, OpticalFlowFlags.None);
        flow.GetArray(out Vec2f[] pixels);
        return new FlowField(
            flow.Height,
            flow.Width,
            [.. pixels.Select(pixel => pixel.Item0)],
            [.. pixels.Select(pixel => pixel.Item1)]
        );
    }

    private static Mat Gray(string path)
    {
        using var picture = Pictures.Read(path);
        return picture.CvtColor(ColorConversionCodes.BGR2GRAY);
    }
}
