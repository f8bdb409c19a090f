using OpenCvSharp;

namespace Tdv.MLNet.Motion;

/// <summary>Disparities in gray pictures of 8 or 16 bits, multiplied by a number that the picture does not tell; 0 where not known.</summary>
internal static class DisparityPng
{
    public const double KittiDivisor = 256;

    /// <exception cref="InvalidDataException">It is damaged, not gray, or its divisor is not known.</exception>
    public static DisparityMap Read(string path, double? divisor)
    {
        using var picture = PngFile.Read(path, "disparity");
        float[] values;
        if (picture.Type() == MatType.CV_16UC1)
        {
            double unit = divisor ?? KittiDivisor;
            picture.GetArray(out ushort[] pixels);
            values = [.. pixels.Select(value => value == 0 ? float.NaN : (float)(value / unit))];
        }
        else if (picture.Type() == MatType.CV_8UC1)
        {
            double unit =
                divisor
                ?? throw new InvalidDataException(
                    $"The disparity '{path}' is a picture of 8 bits, which are not always pixels. Say what its values are "
                        + "to be divided by, such as 1, 2 or 4."
                );
            picture.GetArray(out byte[] pixels);
            values = [.. pixels.Select(value => value == 0 ? float.NaN : (float)(value / unit))];
        }
        else
        {
            throw new InvalidDataException(
                $"The disparity '{path}' has {PngFile.Describe(picture)}; disparity pictures are gray, of 8 or 16 bits."
            );
        }

        return new DisparityMap(picture.Height, picture.Width, values);
    }

    /// <exception cref="ArgumentException">A disparity does not fit the format.</exception>
    public static void Write(string path, DisparityMap map, double divisor)
    {
        var pixels = new ushort[map.Values.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            if (!map.Valid[i])
            {
                continue;
            }

            double value = Math.Round(map.Values[i] * divisor);
            if (value is < 0 or > ushort.MaxValue)
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"The disparity cannot be written to '{path}': it is {map.Values[i]} pixels at x={i % map.Width}, y={i / map.Width}, and the format ends at 0 and {ushort.MaxValue / divisor:0.##}. Save it as .pfm."
                    )
                );
            }

            // 0 stands for unknown; KITTI's own code writes 1, too.
            pixels[i] = (ushort)Math.Max(value, 1);
        }

        using var picture = Mat.FromPixelData(map.Height, map.Width, MatType.CV_16UC1, pixels);
        PngFile.Write(path, picture);
    }
}
