using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.Samples.Output;

namespace Tdv.Samples.Painting;

/// <summary>From ML.NET's pictures to OpenCV's, and to files.</summary>
internal static class Pictures
{
    /// <summary>A copy in blue, green, red.</summary>
    public static Mat ToMat(MLImage image)
    {
        using var pixels = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
        var picture = new Mat();
        bool isBgra = image.PixelFormat == MLPixelFormat.Bgra32;
        Cv2.CvtColor(pixels, picture, isBgra ? ColorConversionCodes.BGRA2BGR : ColorConversionCodes.RGBA2BGR);
        return picture;
    }

    /// <summary>Class ids, as label pictures have them; 0 where a pixel has no class.</summary>
    public static Mat ToIds(ReadOnlySpan<uint> keys, int height, int width, Palette palette)
    {
        var ids = new byte[keys.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = keys[i] == 0 ? (byte)0 : palette.Ids[(int)keys[i] - 1];
        }

        using var mask = Mat.FromPixelData(height, width, MatType.CV_8UC1, ids);
        return mask.Clone();
    }

    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, Mat picture)
    {
        if (!Cv2.ImWrite(path, picture))
        {
            throw new UserException($"The picture '{path}' cannot be written.");
        }
    }
}
