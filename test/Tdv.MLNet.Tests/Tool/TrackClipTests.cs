using OpenCvSharp;
using Tdv.Tool.Motion;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class TrackClipTests
{
    /// <summary>Smooth enough for a color to be the same wherever a camera has moved.</summary>
    private static Mat Picture(int seed)
    {
        using var noise = new Mat(9, 12, MatType.CV_8UC3);
        var random = new Random(seed);
        var bytes = new byte[9 * 12 * 3];
        random.NextBytes(bytes);
        using var small = Mat.FromPixelData(9, 12, MatType.CV_8UC3, bytes);
        var picture = new Mat();
        Cv2.Resize(small, picture, new Size(640, 480), 0, 0, InterpolationFlags.Cubic);
        return picture;
    }

    [Fact]
    public void A_point_that_is_seen_has_its_color_in_every_frame()
    {
        using var scene = Picture(1);
        using var front = Picture(2);
        using var clip = new TrackClip(scene, front, seed: 3);
        var points = clip.Points("a").ToList();
        Mat[] frames = [.. Enumerable.Range(0, TrackClip.Frames).Select(clip.Draw)];

        var differences = new List<int>();
        foreach (var track in points.Where(point => point.IsVisible && IsInner(point)).GroupBy(point => point.Point))
        {
            Vec3b[] colors = [.. track.Select(point => Color(frames[point.Frame], point))];
            differences.AddRange(colors.Select(color => Difference(color, colors[0])));
        }

        // Where a point passes right by the border of what is in front, its pixel may be the other's.
        Assert.True(differences.Count > 300);
        Assert.True(differences.Count(difference => difference > 12) <= differences.Count / 100);
        Assert.True(points.Select(point => point.Point).Distinct().Count() >= 20);
        Assert.Contains(points, point => !point.IsVisible);
        var way = points.Where(point => point.Point == 0).ToList();
        Assert.True(way.Max(point => point.X) - way.Min(point => point.X) > 3);
        Array.ForEach(frames, frame => frame.Dispose());
    }

    [Fact]
    public void The_same_seed_makes_the_same_clip()
    {
        using var scene = Picture(1);
        using var one = new TrackClip(scene, scene, seed: 3);
        using var same = new TrackClip(scene, scene, seed: 3);
        using var other = new TrackClip(scene, scene, seed: 4);
        var points = one.Points("a").ToList();
        Assert.Equal(points, same.Points("a"));
        Assert.NotEqual(points, other.Points("a"));
    }

    [Fact]
    public void Points_on_the_command_line_are_pixels_and_frames()
    {
        Assert.Equal([new(0, 1.5f, 2), new(7, 30, 4)], QueryText.Read("1.5,2; 30,4@7", "a.mp4"));
        var error = Assert.Throws<UserException>(() => QueryText.Read("1,2;3;4,5@x", "a.mp4"));
        Assert.StartsWith("--points has '3', '4,5@x'. Give pixels and frames", error.Message);
    }

    private static bool IsInner(TrackPoint point) =>
        point is { X: > 2 and < TrackClip.Side - 2, Y: > 2 and < TrackClip.Side - 2 };

    private static int Difference(Vec3b a, Vec3b b) =>
        Math.Max(Math.Abs(a.Item0 - b.Item0), Math.Max(Math.Abs(a.Item1 - b.Item1), Math.Abs(a.Item2 - b.Item2)));

    private static Vec3b Color(Mat frame, TrackPoint point) => frame.At<Vec3b>((int)point.Y, (int)point.X);
}
