using OpenCvSharp;

namespace Tdv.MLNet.Motion;

/// <summary>Generated textures: noise of several scales, in colors.</summary>
internal static class TextureNoise
{
    private const int Size = 384;
    private const int Coarsest = 3;

    /// <returns>8-bit BGR.</returns>
    public static Mat Draw(Random random)
    {
        using var sum = new Mat(Size, Size, MatType.CV_32FC3, new Scalar());
        // From 1/f noise, as photographs have, to rougher.
        float decay = 0.5f + (0.3f * random.NextSingle());
        float weight = 1;
        for (int cells = Coarsest; cells < Size; cells *= 2, weight *= decay)
        {
            var values = new float[cells * cells * 3];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (random.NextSingle() - 0.5f) * weight;
            }

            using var coarse = Mat.FromPixelData(cells, cells, MatType.CV_32FC3, values);
            using var fine = coarse.Resize(new Size(Size, Size), 0, 0, InterpolationFlags.Cubic);
            Cv2.Add(sum, fine, sum);
        }

        var picture = new Mat();
        using var all = sum.Reshape(1);
        Cv2.Normalize(all, all, 0, byte.MaxValue, NormTypes.MinMax);
        sum.ConvertTo(picture, MatType.CV_8UC3);
        return picture;
    }
}
