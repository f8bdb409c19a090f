using OpenCvSharp;

namespace Tdv.Samples.Painting;

/// <summary>Lays masks over frames: half transparent, with a thin line where classes meet.</summary>
internal static class Overlay
{
    private static readonly Vec3b Rim = new(255, 255, 255);

    /// <param name="frame">The frame, blue, green, red; it stays as it is.</param>
    /// <param name="keys">The mask, row-major, as large as the frame; 0 leaves a pixel as it is.</param>
    /// <param name="palette">The classes' colors.</param>
    public static Mat Paint(Mat frame, ReadOnlySpan<uint> keys, Palette palette)
    {
        int width = frame.Width;
        frame.GetArray(out Vec3b[] pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            uint key = keys[i];
            bool isRim =
                ((i + 1) % width != 0 && keys[i + 1] != key) || (i + width < pixels.Length && keys[i + width] != key);
            if (isRim)
            {
                pixels[i] = Rim;
            }
            else if (key != 0)
            {
                pixels[i] = Half(pixels[i], palette.Colors[(int)key - 1]);
            }
        }

        using var painted = Mat.FromPixelData(frame.Height, width, MatType.CV_8UC3, pixels);
        return painted.Clone();
    }

    private static Vec3b Half(Vec3b first, Vec3b second) =>
        new(
            (byte)((first.Item0 + second.Item0) / 2),
            (byte)((first.Item1 + second.Item1) / 2),
            (byte)((first.Item2 + second.Item2) / 2)
        );
}
