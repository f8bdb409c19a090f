using OpenCvSharp;

namespace Tdv.Tool.Painting;

/// <summary>A strip with the classes' colors and names, and text in general.</summary>
internal static class Legend
{
    public const int LineHeight = 20;
    private const int Swatch = 12;
    private const int Gap = 6;
    private const double FontScale = 0.42;
    public static readonly Scalar Paper = new(30, 30, 30);
    private static readonly Scalar Ink = new(235, 235, 235);

    /// <summary>The frame with a legend below it.</summary>
    public static Mat Below(Mat picture, Palette palette)
    {
        using var strip = Strip(palette, picture.Width);
        var whole = new Mat();
        Cv2.VConcat([picture, strip], whole);
        return whole;
    }

    /// <summary>A line of text as wide as a picture.</summary>
    public static Mat Title(string text, int width)
    {
        var line = new Mat(LineHeight, width, MatType.CV_8UC3, Paper);
        Write(line, text, Gap, 0);
        return line;
    }

    /// <summary>As many lines as the names need; their number of pixels is even, as videos want it.</summary>
    public static Mat Strip(Palette palette, int width)
    {
        var places = new List<(int X, int Line)>();
        int x = Gap;
        int line = 0;
        foreach (string name in palette.Names)
        {
            int length = Swatch + Gap + TextWidth(name) + (2 * Gap);
            if (x + length > width && x > Gap)
            {
                (x, line) = (Gap, line + 1);
            }

            places.Add((x, line));
            x += length;
        }

        var strip = new Mat((line + 1) * LineHeight, width, MatType.CV_8UC3, Paper);
        for (int i = 0; i < places.Count; i++)
        {
            var color = palette.Colors[i];
            var corner = new Point(places[i].X, (places[i].Line * LineHeight) + ((LineHeight - Swatch) / 2));
            var swatch = new Rect(corner, new Size(Swatch, Swatch));
            Cv2.Rectangle(strip, swatch, new Scalar(color.Item0, color.Item1, color.Item2), -1);
            Write(strip, palette.Names[i], places[i].X + Swatch + Gap, places[i].Line);
        }

        return strip;
    }

    private static void Write(Mat target, string text, int x, int line) =>
        Cv2.PutText(
            target,
            text,
            new Point(x, ((line + 1) * LineHeight) - 6),
            HersheyFonts.HersheySimplex,
            FontScale,
            Ink,
            1,
            LineTypes.AntiAlias
        );

    private static int TextWidth(string text) =>
        Cv2.GetTextSize(text, HersheyFonts.HersheySimplex, FontScale, 1, out _).Width;
}
