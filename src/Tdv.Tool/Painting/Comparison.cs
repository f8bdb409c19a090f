using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet;

namespace Tdv.Tool.Painting;

/// <summary>A frame, its true mask and the predicted one side by side, with titles and a legend.</summary>
internal static class Comparison
{
    /// <summary>Smaller frames are enlarged to be looked at.</summary>
    private const int PanelWidth = 320;

    public static Mat Draw(MLImage frame, ReadOnlySpan<uint> truth, ReadOnlySpan<uint> predicted, MaskOverlay overlay)
    {
        int scale = Math.Max(1, PanelWidth / frame.Width);
        using var plain = Pictures.Enlarge(frame, scale);
        using var painted = overlay.Paint(plain, Enlarge(truth, frame.Width, scale), legend: false);
        using var guessed = overlay.Paint(plain, Enlarge(predicted, frame.Width, scale), legend: false);
        using var first = Titled(plain, "frame");
        using var second = Titled(painted, "truth");
        using var third = Titled(guessed, "prediction");
        using var gap = Pictures.Gap(first.Height);
        using var row = new Mat();
        Cv2.HConcat([first, gap, second, gap, third], row);
        using var legend = overlay.Legend(row.Width);
        using var below = Pictures.ToMat(legend);
        var whole = new Mat();
        Cv2.VConcat([row, below], whole);
        return whole;
    }

    private static Mat Titled(MLImage image, string title)
    {
        using var picture = Pictures.ToMat(image);
        return Pictures.Titled(picture, title);
    }

    private static uint[] Enlarge(ReadOnlySpan<uint> keys, int width, int scale)
    {
        var large = new uint[keys.Length * scale * scale];
        for (int i = 0; i < large.Length; i++)
        {
            var (y, x) = Math.DivRem(i, width * scale);
            large[i] = keys[(y / scale * width) + (x / scale)];
        }

        return large;
    }
}
