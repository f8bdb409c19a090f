using OpenCvSharp;

namespace Tdv.Tool.Motion;

/// <summary>A rectangle cut out of a picture that moves and turns in front of a scene.</summary>
internal sealed class Occluder : IDisposable
{
    private readonly Mat _picture;
    private readonly Mat _solid;
    private readonly int _side;
    private readonly SmoothPath _x;
    private readonly SmoothPath _y;
    private readonly SmoothPath _angle;

    /// <param name="random">Decides its size and path.</param>
    /// <param name="picture">That it is cut out of; stays the caller's.</param>
    /// <param name="side">Height and width of the frames.</param>
    public Occluder(Random random, Mat picture, int side)
    {
        _side = side;
        var size = new Size(Between(random, 0.22, 0.36) * side, Between(random, 0.22, 0.36) * side);
        var corner = new Point(random.Next(picture.Width - size.Width), random.Next(picture.Height - size.Height));
        _picture = picture[new Rect(corner, size)].Clone();
        _solid = new Mat(size, MatType.CV_8UC1, Scalar.All(255));
        _x = new(random, 0.4 * side);
        _y = new(random, 0.4 * side);
        _angle = new(random, 0.6);
    }

    public Size Size => _picture.Size();

    /// <summary>From its own pixels to the frame's, whole numbers their middles.</summary>
    public double[,] At(double time)
    {
        var (sine, cosine) = Math.SinCos(_angle.At(time));
        var (x, y) = ((_side / 2.0) + _x.At(time), (_side / 2.0) + _y.At(time));
        var (ownX, ownY) = ((Size.Width - 1) / 2.0, (Size.Height - 1) / 2.0);
        return new[,]
        {
            { cosine, -sine, x - (cosine * ownX) + (sine * ownY) },
            { sine, cosine, y - (sine * ownX) - (cosine * ownY) },
            { 0, 0, 1 },
        };
    }

    /// <summary>Whether it covers a place of the frame.</summary>
    public bool Covers(double time, double x, double y)
    {
        var (ownX, ownY) = CameraPath.Map(CameraPath.Invert(At(time)), x, y);
        return ownX >= -0.5 && ownY >= -0.5 && ownX <= Size.Width - 0.5 && ownY <= Size.Height - 0.5;
    }

    public void Draw(double time, Mat frame)
    {
        using var matrix = Mat.FromPixelData(3, 3, MatType.CV_64FC1, At(time));
        using var drawn = new Mat();
        using var where = new Mat();
        Cv2.WarpPerspective(_picture, drawn, matrix, frame.Size(), InterpolationFlags.Linear, BorderTypes.Replicate);
        Cv2.WarpPerspective(_solid, where, matrix, frame.Size(), InterpolationFlags.Nearest);
        drawn.CopyTo(frame, where);
    }

    public void Dispose()
    {
        _picture.Dispose();
        _solid.Dispose();
    }

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
