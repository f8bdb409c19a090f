using OpenCvSharp;

namespace Tdv.Tool.Motion;

/// <summary>Draws points and the trails of where they were; a point that is hidden is a ring without a trail to it.</summary>
/// <param name="points">How many there are.</param>
internal sealed class TrackPainter(int points)
{
    /// <summary>Frames that a trail goes back.</summary>
    private const int Trail = 15;
    private const int Fraction = 4;
    private const double GoldenRatio = 0.618034;
    private readonly Queue<(float X, float Y)?>[] _trails =
    [
        .. Enumerable.Range(0, points).Select(_ => new Queue<(float X, float Y)?>()),
    ];

    /// <summary>Draws the next frame's points onto it.</summary>
    /// <param name="picture">Blue, green, red.</param>
    /// <param name="tracks">x and y of each point; not a number where there is none.</param>
    /// <param name="visible">Whether each is seen.</param>
    public void Draw(Mat picture, ReadOnlySpan<float> tracks, ReadOnlySpan<bool> visible)
    {
        int radius = Math.Max(2, Math.Min(picture.Width, picture.Height) / 80);
        for (int i = 0; i < points; i++)
        {
            var place = (X: tracks[2 * i], Y: tracks[(2 * i) + 1]);
            var trail = _trails[i];
            trail.Enqueue(visible[i] && float.IsFinite(place.X) ? place : null);
            if (trail.Count > Trail)
            {
                trail.Dequeue();
            }

            var color = Color(i);
            foreach (var (from, to) in trail.Zip(trail.Skip(1)))
            {
                if (from is { } a && to is { } b)
                {
                    Cv2.Line(picture, Pixel(a), Pixel(b), color, 1, LineTypes.AntiAlias, Fraction);
                }
            }

            if (float.IsFinite(place.X) && float.IsFinite(place.Y))
            {
                Cv2.Circle(
                    picture,
                    Pixel(place),
                    radius << Fraction,
                    color,
                    visible[i] ? -1 : 1,
                    LineTypes.AntiAlias,
                    Fraction
                );
            }
        }
    }

    /// <summary>In parts of a pixel; OpenCV's whole numbers are the pixels' middles.</summary>
    private static Point Pixel((float X, float Y) place) =>
        new((int)((place.X - 0.5f) * (1 << Fraction)), (int)((place.Y - 0.5f) * (1 << Fraction)));

    /// <summary>Hues far apart, whatever the number of points.</summary>
    private static Scalar Color(int index)
    {
        double hue = index * GoldenRatio % 1 * 6;
        return new(255 * Part(hue - 4), 255 * Part(hue - 2), 255 * Part(hue));

        // 1 around 0, 0 a third of the circle away.
        static double Part(double distance)
        {
            double away = Math.Abs(((distance % 6) + 9) % 6 - 3);
            return Math.Clamp(2 - away, 0, 1);
        }
    }
}
