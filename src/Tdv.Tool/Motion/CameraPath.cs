using OpenCvSharp;

namespace Tdv.Tool.Motion;

/// <summary>A camera that moves over a flat picture, turns, comes nearer and tilts: smoothly, and never beyond its border.</summary>
internal sealed class CameraPath
{
    private const int Attempts = 60;
    private const double Calmer = 0.9;
    private readonly Size _picture;
    private readonly int _side;
    private readonly SmoothPath _x;
    private readonly SmoothPath _y;
    private readonly SmoothPath _angle;
    private readonly SmoothPath _zoom;
    private readonly SmoothPath _tiltX;
    private readonly SmoothPath _tiltY;

    private CameraPath(Random random, Size picture, int side, double strength)
    {
        (_picture, _side) = (picture, side);
        _x = new(random, 0.25 * (picture.Width - side) * strength);
        _y = new(random, 0.25 * (picture.Height - side) * strength);
        _angle = new(random, 0.2 * strength);
        _zoom = new(random, 0.15 * strength);
        _tiltX = new(random, 0.1 / side * strength);
        _tiltY = new(random, 0.1 / side * strength);
    }

    /// <summary>A path by lot, as lively as the picture has room for.</summary>
    /// <param name="random">Decides it.</param>
    /// <param name="picture">Larger than the frames.</param>
    /// <param name="side">Height and width of the frames.</param>
    /// <param name="frames">How many there are.</param>
    public static CameraPath Create(Random random, Size picture, int side, int frames)
    {
        double strength = 1;
        for (int attempt = 0; attempt < Attempts; attempt++, strength *= Calmer)
        {
            var path = new CameraPath(random, picture, side, strength);
            if (Enumerable.Range(0, frames).All(frame => path.IsInside(frame / (frames - 1.0))))
            {
                return path;
            }
        }

        return new(random, picture, side, 0);
    }

    /// <summary>From pixels of the frame to pixels of the picture, whole numbers their middles.</summary>
    public double[,] At(double time)
    {
        double scale = Math.Exp(_zoom.At(time));
        var (sine, cosine) = Math.SinCos(_angle.At(time));
        var (centerX, centerY) = ((_picture.Width / 2.0) + _x.At(time), (_picture.Height / 2.0) + _y.At(time));
        var (tiltX, tiltY) = (_tiltX.At(time), _tiltY.At(time));
        double middle = (_side - 1) / 2.0;
        // Of coordinates around the frame's middle, in rows: x, y, and what both are divided by.
        double[,] around =
        {
            { (scale * cosine) + (centerX * tiltX), (-scale * sine) + (centerX * tiltY), centerX },
            { (scale * sine) + (centerY * tiltX), (scale * cosine) + (centerY * tiltY), centerY },
            { tiltX, tiltY, 1 },
        };
        for (int row = 0; row < 3; row++)
        {
            around[row, 2] -= middle * (around[row, 0] + around[row, 1]);
        }

        return around;
    }

    public static (double X, double Y) Map(double[,] matrix, double x, double y)
    {
        double divisor = (matrix[2, 0] * x) + (matrix[2, 1] * y) + matrix[2, 2];
        return (
            ((matrix[0, 0] * x) + (matrix[0, 1] * y) + matrix[0, 2]) / divisor,
            ((matrix[1, 0] * x) + (matrix[1, 1] * y) + matrix[1, 2]) / divisor
        );
    }

    /// <summary>The way back.</summary>
    public static double[,] Invert(double[,] matrix)
    {
        using var mat = Mat.FromPixelData(3, 3, MatType.CV_64FC1, matrix);
        using Mat inverse = mat.Inv();
        return inverse.GetRectangularArray(out double[,] values) ? values : throw new ArithmeticException();
    }

    private bool IsInside(double time)
    {
        double[,] matrix = At(time);
        double last = _side - 1;
        return new[] { (0.0, 0.0), (last, 0.0), (0.0, last), (last, last) }
            .Select(corner => Map(matrix, corner.Item1, corner.Item2))
            .All(place =>
                place.X >= 0 && place.Y >= 0 && place.X <= _picture.Width - 1 && place.Y <= _picture.Height - 1
            );
    }
}
