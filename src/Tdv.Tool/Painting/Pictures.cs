using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Visualization;
using Tdv.Tool.Output;

namespace Tdv.Tool.Painting;

/// <summary>From ML.NET's pictures to OpenCV's, and to files.</summary>
internal static class Pictures
{
    /// <summary>A picture of a file in blue, green, red: upright, as all pictures are read.</summary>
    /// <exception cref="UserException">It is missing, damaged or too large.</exception>
    public static Mat Read(string path)
    {
        try
        {
            using var image = PictureFile.Read(path);
            return ToMat(image);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    /// <summary>A copy in blue, green, red.</summary>
    public static unsafe Mat ToMat(MLImage image)
    {
        bool isBgra = image.PixelFormat == MLPixelFormat.Bgra32;
        fixed (byte* pixels = image.Pixels)
        {
            using var all = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, (nint)pixels);
            var picture = new Mat();
            Cv2.CvtColor(all, picture, isBgra ? ColorConversionCodes.BGRA2BGR : ColorConversionCodes.RGBA2BGR);
            return picture;
        }
    }

    /// <summary>The picture, so many times as wide and as high.</summary>
    public static MLImage Enlarge(MLImage image, int scale)
    {
        using var small = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
        using var large = new Mat();
        Cv2.Resize(small, large, default, scale, scale, InterpolationFlags.Cubic);
        var bytes = MemoryMarshal.AsBytes(large.AsSpan<Vec4b>());
        return MLImage.CreateFromPixels(large.Width, large.Height, image.PixelFormat, bytes);
    }

    /// <summary>A picture with a title above.</summary>
    public static Mat Titled(Mat picture, string title)
    {
        using var image = Lettering.Draw(
            picture.Width,
            Lettering.LineHeight,
            canvas =>
            {
                using var pen = Lettering.Pen(Lettering.Ink);
                canvas.DrawText(title, Lettering.Gap, (Lettering.LineHeight / 2f) + Lettering.Drop, pen);
            }
        );
        using var line = ToMat(image);
        var whole = new Mat();
        Cv2.VConcat([line, picture], whole);
        return whole;
    }

    /// <summary>What parts pictures side by side.</summary>
    public static Mat Gap(int height) => new(height, 6, MatType.CV_8UC3, Scalar.All(Lettering.Paper.Red));

    /// <summary>Class ids, as label pictures have them.</summary>
    /// <param name="keys">The mask.</param>
    /// <param name="height">Of the mask.</param>
    /// <param name="width">Of the mask.</param>
    /// <param name="legend">The ids.</param>
    /// <param name="missing">The id where a pixel has no class.</param>
    public static Mat ToIds(ReadOnlySpan<uint> keys, int height, int width, MaskLegend legend, byte missing = 0)
    {
        var ids = new byte[keys.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = keys[i] == 0 ? missing : (byte)legend.Ids[(int)keys[i] - 1];
        }

        using var mask = Mat.FromPixelData(height, width, MatType.CV_8UC1, ids);
        return mask.Clone();
    }
}
