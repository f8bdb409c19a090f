using OpenCvSharp;

namespace Tdv.Tool.Painting;

/// <summary>A frame, its true mask and the predicted one side by side, with titles and a legend.</summary>
internal static class Comparison
{
    /// <summary>Smaller frames are enlarged to be looked at.</summary>
    private const int PanelWidth = 320;
    private const int Margin = 6;

    public static Mat Draw(Mat frame, ReadOnlySpan<uint> truth, ReadOnlySpan<uint> predicted, Palette palette)
    {
        int scale = Math.Max(1, PanelWidth / frame.Width);
        using var plain = Enlarge(frame, scale);
        using var first = Titled(plain, "frame");
        using var painted = Overlay.Paint(plain, Enlarge(truth, frame.Size(), scale), palette);
        using var second = Titled(painted, "truth");
        using var guessed = Overlay.Paint(plain, Enlarge(predicted, frame.Size(), scale), palette);
        using var third = Titled(guessed, "prediction");
        using var gap = new Mat(first.Height, Margin, MatType.CV_8UC3, new Scalar(30, 30, 30));
        using var row = new Mat();
        Cv2.HConcat([first, gap, second, gap, third], row);
        return Legend.Below(row, palette);
    }

    private static Mat Titled(Mat picture, string title)
    {
        using var line = Legend.Title(title, picture.Width);
        var whole = new Mat();
        Cv2.VConcat([line, picture], whole);
        return whole;
    }

    private static Mat Enlarge(Mat picture, int scale)
    {
        var large = new Mat();
        Cv2.Resize(
            picture,
            large,
            new Size(picture.Width * scale, picture.Height * scale),
            0,
            0,
            InterpolationFlags.Cubic
        );
        return large;
    }

    private static uint[] Enlarge(ReadOnlySpan<uint> keys, Size size, int scale)
    {
        int width = size.Width * scale;
        var large = new uint[keys.Length * scale * scale];
        for (int i = 0; i < large.Length; i++)
        {
            large[i] = keys[(i / width / scale * size.Width) + (i % width / scale)];
        }

        return large;
    }
}
