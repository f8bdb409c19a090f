using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Painting;

/// <summary>From ML.NET's pictures to OpenCV's, and to files.</summary>
internal static class Pictures
{
    /// <summary>A copy in blue, green, red.</summary>
    public static Mat ToMat(MLImage image)
    {
        var picture = new Mat(image.Height, image.Width, MatType.CV_8UC3);
        CopyTo(image, picture);
        return picture;
    }

    /// <param name="image">The picture.</param>
    /// <param name="target">As large as the picture; blue, green, red.</param>
    public static void CopyTo(MLImage image, Mat target)
    {
        using var pixels = new Mat(image.Height, image.Width, MatType.CV_8UC4);
        image.Pixels.CopyTo(MemoryMarshal.AsBytes(pixels.AsSpan<Vec4b>()));
        bool isBgra = image.PixelFormat == MLPixelFormat.Bgra32;
        Cv2.CvtColor(pixels, target, isBgra ? ColorConversionCodes.BGRA2BGR : ColorConversionCodes.RGBA2BGR);
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
