using OpenCvSharp;

namespace Tdv.MLNet.Motion;

/// <summary>
/// KITTI's flow pictures, 3 × 16 bits: red and green are u and v as (value − 32768) / 64, blue is 0 where the flow is not
/// known (Menze and Geiger, Object Scene Flow for Autonomous Vehicles, 2015).
/// </summary>
internal static class FlowPng
{
    private const int Zero = 1 << 15;
    private const float Steps = 64;

    /// <exception cref="InvalidDataException">It is damaged, or no picture of 3 × 16 bits.</exception>
    public static FlowField Read(string path)
    {
        using var picture = PngFile.Read(path, "flow");
        if (picture.Type() != MatType.CV_16UC3)
        {
            throw new InvalidDataException(
                $"The flow '{path}' has {PngFile.Describe(picture)}; flow pictures have 3 channels of 16 bits, as KITTI's."
            );
        }

        picture.GetArray(out Vec3w[] pixels);
        var (u, v) = (new float[pixels.Length], new float[pixels.Length]);
        for (int i = 0; i < pixels.Length; i++)
        {
            var (valid, down, right) = (pixels[i].Item0, pixels[i].Item1, pixels[i].Item2);
            (u[i], v[i]) = valid == 0 ? (float.NaN, float.NaN) : ((right - Zero) / Steps, (down - Zero) / Steps);
        }

        return new FlowField(picture.Height, picture.Width, u, v);
    }

    /// <exception cref="ArgumentException">The flow is too long for the format.</exception>
    public static void Write(string path, FlowField flow)
    {
        var pixels = new Vec3w[flow.U.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            if (flow.Valid[i])
            {
                pixels[i] = new Vec3w(1, Value(path, flow, flow.V[i], i), Value(path, flow, flow.U[i], i));
            }
        }

        using var picture = Mat.FromPixelData(flow.Height, flow.Width, MatType.CV_16UC3, pixels);
        PngFile.Write(path, picture);
    }

    private static ushort Value(string path, FlowField flow, float length, int pixel)
    {
        double value = Math.Round(((double)length * Steps) + Zero);
        return value is >= 0 and <= ushort.MaxValue
            ? (ushort)value
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"The flow cannot be written to '{path}': it is {length} pixels at x={pixel % flow.Width}, y={pixel / flow.Width}, and the format ends at −512 and 511.98. Save it as .flo."
                )
            );
    }
}
