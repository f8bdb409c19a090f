using OpenCvSharp;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>
/// The classic way to follow points, OpenCV's pyramidal Lucas–Kanade, from frame to frame. A point that does not come back
/// to where it was when it is followed backwards is lost and stays so.
/// </summary>
internal sealed class LucasKanade : IDisposable
{
    private const int Levels = 3;

    /// <summary>Pixels that a point may miss its place by on the way back.</summary>
    private const double MostError = 1;
    private static readonly Size Window = new(21, 21);
    private readonly IReadOnlyList<(TrackQuery Query, int Index)> _queries;
    private readonly Point2f[] _places;
    private readonly bool[] _visible;
    private readonly bool[] _begun;
    private Mat? _before;
    private int _frame;

    /// <param name="queries">Of one video, with their indices among all points.</param>
    public LucasKanade(IReadOnlyList<(TrackQuery Query, int Index)> queries)
    {
        _queries = queries;
        _places = new Point2f[queries.Count];
        _visible = new bool[queries.Count];
        _begun = new bool[queries.Count];
    }

    /// <summary>Follows the points into the next frame.</summary>
    /// <param name="picture">Blue, green, red; stays the caller's.</param>
    /// <param name="row">Receives positions and visibility.</param>
    public void Follow(Mat picture, TrackRow row)
    {
        var gray = new Mat();
        Cv2.CvtColor(picture, gray, ColorConversionCodes.BGR2GRAY);
        int[] followed = [.. Enumerable.Range(0, _places.Length).Where(i => _visible[i])];
        if (_before is not null && followed.Length > 0)
        {
            Follow(_before, gray, followed);
        }

        Array.Fill(row.Tracks, float.NaN);
        for (int i = 0; i < _places.Length; i++)
        {
            var (query, index) = _queries[i];
            if (query.Frame == _frame)
            {
                // OpenCV's whole numbers are the pixels' middles.
                (_places[i], _visible[i], _begun[i]) = (new(query.X - 0.5f, query.Y - 0.5f), true, true);
            }

            if (_begun[i])
            {
                (row.Tracks[2 * index], row.Tracks[(2 * index) + 1]) = (_places[i].X + 0.5f, _places[i].Y + 0.5f);
                row.Visible[index] = _visible[i];
            }
        }

        _before?.Dispose();
        _before = gray;
        _frame++;
    }

    public void Dispose() => _before?.Dispose();

    private void Follow(Mat before, Mat now, int[] followed)
    {
        Point2f[] from = [.. followed.Select(i => _places[i])];
        Point2f[] to = [.. from];
        Point2f[] back = [.. from];
        Cv2.CalcOpticalFlowPyrLK(before, now, from, ref to, out byte[] found, out _, Window, Levels);
        Cv2.CalcOpticalFlowPyrLK(now, before, to, ref back, out byte[] foundBack, out _, Window, Levels);
        for (int k = 0; k < followed.Length; k++)
        {
            bool inside = to[k].X >= 0 && to[k].Y >= 0 && to[k].X < now.Width && to[k].Y < now.Height;
            _visible[followed[k]] =
                found[k] != 0 && foundBack[k] != 0 && inside && back[k].DistanceTo(from[k]) <= MostError;
            if (_visible[followed[k]])
            {
                _places[followed[k]] = to[k];
            }
        }
    }
}
