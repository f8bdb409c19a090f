using Tdv.MLNet.Foundation;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <summary>Where a point of a video is in one frame: a line of a file of tracks.</summary>
/// <param name="Video">The video.</param>
/// <param name="Point">The point's number in its video.</param>
/// <param name="Frame">The frame's number, from 0.</param>
/// <param name="X">Pixels from the left edge of the frame, whose first pixel's middle is 0.5; may be not a number where hidden.</param>
/// <param name="Y">Pixels from the upper edge.</param>
/// <param name="IsVisible">Whether the point is seen in the frame.</param>
public sealed record TrackPoint(string Video, int Point, int Frame, float X, float Y, bool IsVisible)
{
    /// <summary>
    /// Reads tracks from a CSV file: the header <c>video,point,frame,x,y,visible</c>, then a line for each point and frame,
    /// with 1 or 0 for visible. A video's name may hold commas, since the last five of a line count; nothing is quoted.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">Lines cannot be read, or tell of a point in a frame again: they are listed.</exception>
    public static IReadOnlyList<TrackPoint> ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return TrackFile.Read(path);
    }

    /// <summary>Writes tracks to a CSV file that <see cref="ReadFile"/> reads, whole or not at all.</summary>
    /// <param name="path">The file; replaced if there is one.</param>
    /// <param name="points">Enumerated once, written as they come.</param>
    /// <exception cref="ArgumentException">A video's name has a line break.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteFile(string path, IEnumerable<TrackPoint> points)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(points);
        TrackFile.Write(path, points);
    }

    /// <summary>
    /// The queries of tracks whose truth is known, as TAP-Vid's "queried first": each point where it is seen first, in the
    /// order in which videos and points come.
    /// </summary>
    /// <param name="truth">The tracks.</param>
    /// <exception cref="ArgumentException">Points are never seen: all of them are listed.</exception>
    public static IReadOnlyList<TrackQuery> Queries(IReadOnlyList<TrackPoint> truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        var faults = new Faults();
        var queries = new List<TrackQuery>();
        foreach (var track in truth.GroupBy(line => (line.Video, line.Point)))
        {
            if (track.Where(line => line.IsVisible).MinBy(line => line.Frame) is { } first)
            {
                queries.Add(new(first.Frame, first.X, first.Y, first.Video));
            }
            else
            {
                faults.Add($"point {track.Key.Point} of '{track.Key.Video}' is visible in no frame; remove it.");
            }
        }

        faults.ThrowIfAny("Tracks without a frame to begin in:");
        return queries;
    }
}
