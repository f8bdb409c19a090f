using OpenCvSharp;
using SkiaSharp;

namespace Tdv.Tool.Importing;

/// <summary>
/// Polygons, each filled by itself: a pixel belongs to one if its middle lies in it. Coordinates count from the picture's upper
/// left corner, so that the middle of the first pixel is (0.5, 0.5). Skia fills so, where OpenCV adds the pixels that an edge
/// passes through, one more on the right and below.
/// </summary>
/// <param name="Label">The name of the class.</param>
/// <param name="Parts">Corners of each polygon, x and y in pixels.</param>
internal sealed record Outline(string Label, IReadOnlyList<Point2d[]> Parts) : ImportedShape(Label)
{
    private const double MostPixels = 1 << 20;

    /// <summary>A rectangle, turned about its middle.</summary>
    public static Outline Rectangle(string label, Point2d first, Point2d second, double degrees = 0)
    {
        var middle = (first + second) * 0.5;
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        Point2d[] corners = [first, new(second.X, first.Y), second, new(first.X, second.Y)];
        return new(
            label,
            [
                [
                    .. corners.Select(corner =>
                    {
                        var from = corner - middle;
                        return new Point2d(
                            middle.X + (from.X * cos) - (from.Y * sin),
                            middle.Y + (from.X * sin) + (from.Y * cos)
                        );
                    }),
                ],
            ]
        );
    }

    /// <summary>An ellipse, as a polygon of so many corners that no pixel tells the difference.</summary>
    public static Outline Ellipse(string label, Point2d center, double radiusX, double radiusY)
    {
        const int corners = 360;
        return new(
            label,
            [
                [
                    .. Enumerable
                        .Range(0, corners)
                        .Select(i => 2 * Math.PI * i / corners)
                        .Select(angle => new Point2d(
                            center.X + (radiusX * Math.Cos(angle)),
                            center.Y + (radiusY * Math.Sin(angle))
                        )),
                ],
            ]
        );
    }

    /// <exception cref="FormatException">A polygon has fewer than three corners, or one that is no place in a picture.</exception>
    public void Check()
    {
        foreach (var part in Parts)
        {
            if (part.Length < 3)
            {
                throw new FormatException($"a polygon of '{Label}' has {part.Length} corner(s); it needs three");
            }

            if (Array.Find(part, IsNowhere) is var corner && IsNowhere(corner))
            {
                throw new FormatException(
                    FormattableString.Invariant($"a polygon of '{Label}' has the corner ({corner.X}, {corner.Y})")
                );
            }
        }
    }

    public override void Draw(Mat mask, byte id)
    {
        var format = new SKImageInfo(mask.Width, mask.Height, SKColorType.Alpha8, SKAlphaType.Premul);
        using var surface = SKSurface.Create(format, mask.Data, (int)mask.Step());
        using var paint = new SKPaint
        {
            Color = new SKColor(0, 0, 0, id),
            BlendMode = SKBlendMode.Src,
            IsAntialias = false,
        };
        foreach (var part in Parts)
        {
            using var path = new SKPath { FillType = SKPathFillType.EvenOdd };
            path.AddPoly([.. part.Select(corner => new SKPoint((float)corner.X, (float)corner.Y))]);
            surface.Canvas.DrawPath(path, paint);
        }

        surface.Flush();
    }

    private static bool IsNowhere(Point2d corner) =>
        !(Math.Abs(corner.X) <= MostPixels && Math.Abs(corner.Y) <= MostPixels);
}
