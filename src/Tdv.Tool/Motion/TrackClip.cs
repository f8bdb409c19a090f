using OpenCvSharp;
using Tdv.MLNet;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>
/// A video whose motion is known to the point: a camera moves over a picture, a piece of another passes in front of it.
/// </summary>
internal sealed class TrackClip : IDisposable
{
    /// <summary>Height and width of frames: those that TAP-Vid's thresholds are meant for.</summary>
    public const int Side = 256;
    public const int Frames = 30;
    public const double FrameRate = 15;

    /// <summary>The picture's shorter side, so that the camera has room.</summary>
    private const double Room = 1.7;
    private const int PointsBehind = 20;
    private const int PointsInFront = 5;

    /// <summary>Places drawn for a point, of which the one with most contrast is taken: nobody can follow a clear sky.</summary>
    private const int Candidates = 4;
    private const int Contrast = 8;
    private readonly Random _random;
    private readonly Mat _picture;
    private readonly CameraPath _camera;
    private readonly Occluder _occluder;

    /// <param name="picture">The scene.</param>
    /// <param name="other">What passes in front is cut out of it.</param>
    /// <param name="seed">Decides all motion and all points.</param>
    public TrackClip(Mat picture, Mat other, int seed)
    {
        _random = new(seed);
        _picture = Resize(picture);
        _camera = CameraPath.Create(_random, _picture.Size(), Side, Frames);
        using var resized = Resize(other);
        _occluder = new(_random, resized, Side);
    }

    /// <summary>Writes the video.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="name">Its name there.</param>
    public void Film(OutputFolder folder, string name)
    {
        using var video = new PartialVideo(folder, name, FrameRate);
        for (int frame = 0; frame < Frames; frame++)
        {
            using var drawn = Draw(frame);
            video.Write(drawn);
        }

        video.Complete();
    }

    public Mat Draw(int frame)
    {
        using var matrix = Mat.FromPixelData(3, 3, MatType.CV_64FC1, _camera.At(Time(frame)));
        var drawn = new Mat();
        Cv2.WarpPerspective(
            _picture,
            drawn,
            matrix,
            new Size(Side, Side),
            InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap,
            BorderTypes.Reflect101
        );
        _occluder.Draw(Time(frame), drawn);
        return drawn;
    }

    /// <summary>Where points of the scene and of what is in front of it are in all frames, and where they are seen.</summary>
    /// <param name="video">The clip's name.</param>
    public IEnumerable<TrackPoint> Points(string video)
    {
        var tracks = new List<(double X, double Y, bool Visible)[]>();
        while (tracks.Count < PointsBehind)
        {
            var track = Behind();
            if (track.Count(place => place.Visible) >= Frames / 3)
            {
                tracks.Add(track);
            }
        }

        for (int point = 0; point < PointsInFront; point++)
        {
            var track = InFront();
            if (track.Count(place => place.Visible) >= 2)
            {
                tracks.Add(track);
            }
        }

        return tracks.SelectMany(
            (track, point) =>
                track.Select(
                    (place, frame) =>
                        // OpenCV's whole numbers are the pixels' middles.
                        new TrackPoint(
                            video,
                            point,
                            frame,
                            (float)(place.X + 0.5),
                            (float)(place.Y + 0.5),
                            place.Visible
                        )
                )
        );
    }

    public void Dispose()
    {
        _picture.Dispose();
        _occluder.Dispose();
    }

    private static double Time(int frame) => frame / (Frames - 1.0);

    private static Mat Resize(Mat picture)
    {
        double scale = Room * Side / Math.Min(picture.Width, picture.Height);
        var resized = new Mat();
        Cv2.Resize(
            picture,
            resized,
            default,
            scale,
            scale,
            scale < 1 ? InterpolationFlags.Area : InterpolationFlags.Cubic
        );
        return resized;
    }

    private (double X, double Y, bool Visible)[] Behind()
    {
        // Most points begin where the clip does.
        int begin = _random.Next(4) == 0 ? _random.Next(Frames / 2) : 0;
        var (x, y) = Enumerable
            .Range(0, Candidates)
            .Select(_ => CameraPath.Map(_camera.At(Time(begin)), Lot(Side), Lot(Side)))
            .MaxBy(place => Deviation(place.X, place.Y));
        return Track(
            time => CameraPath.Map(CameraPath.Invert(_camera.At(time)), x, y),
            (time, place) => !_occluder.Covers(time, place.X, place.Y)
        );
    }

    private (double X, double Y, bool Visible)[] InFront()
    {
        var (x, y) = (Lot(_occluder.Size.Width), Lot(_occluder.Size.Height));
        return Track(time => CameraPath.Map(_occluder.At(time), x, y), (_, _) => true);
    }

    private static (double X, double Y, bool Visible)[] Track(
        Func<double, (double X, double Y)> at,
        Func<double, (double X, double Y), bool> uncovered
    ) =>
        [
            .. Enumerable
                .Range(0, Frames)
                .Select(frame =>
                {
                    var place = at(Time(frame));
                    bool inside = place is { X: >= -0.5 and <= Side - 0.5, Y: >= -0.5 and <= Side - 0.5 };
                    return (place.X, place.Y, inside && uncovered(Time(frame), place));
                }),
        ];

    private double Lot(int length) => _random.NextDouble() * (length - 1);

    private double Deviation(double x, double y)
    {
        int left = (int)Math.Clamp(x - Contrast, 0, _picture.Width - 1 - (2 * Contrast));
        int top = (int)Math.Clamp(y - Contrast, 0, _picture.Height - 1 - (2 * Contrast));
        using var around = _picture[new Rect(left, top, 2 * Contrast, 2 * Contrast)];
        Cv2.MeanStdDev(around, out _, out var deviation);
        return deviation.Val0 + deviation.Val1 + deviation.Val2;
    }
}
