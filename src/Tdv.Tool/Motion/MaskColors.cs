using OpenCvSharp;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>Classes for masks of which nothing is known but their ids, each of a color that is unlike the others.</summary>
internal static class MaskColors
{
    /// <summary>Hues this far apart, in degrees, stay apart however many there are (the golden angle).</summary>
    private const double Angle = 137.508;

    /// <summary>0 is the background, dark; the others are objects.</summary>
    public static IEnumerable<MaskClass> Classes(IEnumerable<byte> ids)
    {
        int count = 0;
        foreach (byte id in ids)
        {
            var color = id == 0 ? new Vec3b(40, 40, 40) : Color(count++);
            yield return new MaskClass(
                id,
                id == 0 ? "background" : $"object{id}",
                color.Item0,
                color.Item1,
                color.Item2
            );
        }
    }

    /// <returns>Red, green, blue.</returns>
    private static Vec3b Color(int index)
    {
        // OpenCV's hues are half degrees.
        byte hue = (byte)(index * Angle % 360 / 2);
        byte value = (byte)(index / 8 % 2 == 0 ? 255 : 170);
        using var hsv = new Mat(1, 1, MatType.CV_8UC3, new Scalar(hue, 220, value));
        using var rgb = new Mat();
        Cv2.CvtColor(hsv, rgb, ColorConversionCodes.HSV2RGB);
        return rgb.At<Vec3b>(0, 0);
    }
}
