using OpenCvSharp;
using Tdv.MLNet;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Motion;

/// <summary>Disparity by a method that learns nothing.</summary>
internal static class ClassicStereo
{
    private const int BlockSize = 5;

    /// <summary>OpenCV gives sixteenths of a pixel.</summary>
    private const float Steps = 16;

    /// <summary>
    /// Hirschmüller, Stereo Processing by Semiglobal Matching and Mutual Information, 2008, with the penalties that OpenCV's
    /// documentation proposes. Pixels that it leaves open get the lower one of the next disparities of their row: what is
    /// hidden is further away.
    /// </summary>
    public static DisparityMap SemiGlobal(string left, string right, int reach)
    {
        _ = PicturePair.SizeOf(left, right);
        using var one = Pictures.Read(left);
        using var other = Pictures.Read(right);
        const int channels = 3;
        const int area = channels * BlockSize * BlockSize;
        int count = (int)Math.Ceiling(reach / Steps) * (int)Steps;
        using var method = StereoSGBM.Create(0, count, BlockSize, 8 * area, 32 * area, 1, 63, 10, 100, 2);
        // Without a border of its own, the left of the picture would have no disparity at all.
        using var wideLeft = new Mat();
        using var wideRight = new Mat();
        Cv2.CopyMakeBorder(one, wideLeft, 0, 0, count, 0, BorderTypes.Replicate);
        Cv2.CopyMakeBorder(other, wideRight, 0, 0, count, 0, BorderTypes.Replicate);
        using var wide = new Mat();
        method.Compute(wideLeft, wideRight, wide);
        using var result = wide[new Rect(count, 0, one.Width, one.Height)].Clone();
        result.GetArray(out short[] pixels);
        float[] values = [.. pixels.Select(value => value < 0 ? float.NaN : value / Steps)];
        var (height, width) = (one.Height, one.Width);
        for (int row = 0; row < height; row++)
        {
            Fill(values.AsSpan(row * width, width));
        }

        return new DisparityMap(height, width, values);
    }

    private static void Fill(Span<float> row)
    {
        for (int x = 0; x < row.Length; x++)
        {
            if (!float.IsNaN(row[x]))
            {
                continue;
            }

            int end = x;
            while (end < row.Length && float.IsNaN(row[end]))
            {
                end++;
            }

            float before = x > 0 ? row[x - 1] : float.PositiveInfinity;
            float after = end < row.Length ? row[end] : float.PositiveInfinity;
            float value = Math.Min(before, after);
            row[x..end].Fill(float.IsFinite(value) ? value : 0);
            x = end - 1;
        }
    }
}
