using System.Globalization;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Motion;

/// <summary>The points to follow, by video; what is wrong with them is told once all of it is known.</summary>
internal sealed class TrackQueries
{
    /// <summary>Of all points at once: their positions are one vector in each row.</summary>
    private const int MostPoints = 1 << 20;
    private readonly ILookup<string, (TrackQuery Query, int Index)> _byVideo;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Faults _faults = new();

    public TrackQueries(IReadOnlyList<TrackQuery> queries)
    {
        Count = queries.Count;
        _byVideo = queries.Select((query, index) => (query, index)).ToLookup(item => item.query.Video ?? "");
    }

    public int Count { get; }

    /// <summary>What can be told before any row is read.</summary>
    public static void Check(IReadOnlyList<TrackQuery> queries, TrackingOptions options, Faults faults)
    {
        faults.Check(queries.Count > 0, "there are no points; give at least one TrackQuery.");
        faults.Check(
            queries.Count <= MostPoints,
            $"there are {queries.Count} points; at most {MostPoints} are possible."
        );
        bool named = queries.Any(query => query?.Video is not null);
        for (int i = 0; i < Math.Min(queries.Count, MostPoints); i++)
        {
            if (queries[i] is not { } query)
            {
                faults.Add($"point {i} is null.");
                continue;
            }

            faults.Check(query.Frame >= 0, $"point {i} is given in frame {query.Frame}; frames count from 0.");
            if (!IsInside(query, options.PictureWidth, options.PictureHeight))
            {
                faults.Add(Outside(query, i, options.PictureWidth, options.PictureHeight));
            }

            faults.Check(
                !named || query.Video is not null,
                $"point {i} names no video, but others do; name one for each point or for none."
            );
            faults.Check(
                query.Video is null || options.VideoColumnName is not null,
                $"point {i} names the video '{query.Video}', but VideoColumnName is null; name the column of videos."
            );
        }
    }

    /// <summary>The points of a video that begins; they are sorted by frame.</summary>
    /// <param name="video">As its column has it; "" where all rows are one video.</param>
    /// <param name="first">Whether it is the first video.</param>
    /// <exception cref="InvalidOperationException">The rows of a video do not follow one another.</exception>
    public IReadOnlyList<(TrackQuery Query, int Index)> Begin(string video, bool first)
    {
        // Points that name no video are the only video's.
        if (_byVideo.Contains(""))
        {
            _seen.Add("");
            return first
                ? [.. _byVideo[""].OrderBy(item => item.Query.Frame)]
                : throw new InvalidOperationException(
                    $"TrackPoints: the points name no video, but a second video begins, '{video}'. Give each TrackQuery its "
                        + "Video, or set VideoColumnName to null if all rows are one video."
                );
        }

        if (_byVideo.Contains(video) && !_seen.Add(video))
        {
            throw new InvalidOperationException(
                $"TrackPoints: the rows of the video '{video}' do not follow one another: another video is in between. "
                    + "Bring the rows in the order of videos and frames; do not shuffle them."
            );
        }

        return [.. _byVideo[video].OrderBy(item => item.Query.Frame)];
    }

    /// <summary>Makes sure that the points of a video lie in its picture.</summary>
    /// <exception cref="InvalidOperationException">Points do not: all of them are listed.</exception>
    public static void CheckInside(IEnumerable<(TrackQuery Query, int Index)> points, int width, int height)
    {
        var faults = new Faults();
        foreach (var (query, index) in points.Where(point => !IsInside(point.Query, width, height)))
        {
            faults.Add(Outside(query, index, width, height));
        }

        Throw(faults);
    }

    /// <summary>Collects what a video that ended turned out to lack.</summary>
    /// <param name="video">As its column has it.</param>
    /// <param name="frames">How many it has.</param>
    /// <param name="points">Those of the video.</param>
    public void End(string video, int frames, IReadOnlyCollection<(TrackQuery Query, int Index)> points)
    {
        _faults.Check(
            frames > 1 || points.Count == 0,
            $"the video {Name(video)}has a single frame; there is none to follow points into."
        );
        foreach (var (query, index) in points.Where(point => point.Query.Frame >= frames))
        {
            _faults.Add(
                $"point {index} is given in frame {query.Frame}; the video {Name(video)}ends with frame {frames - 1}."
            );
        }
    }

    /// <summary>Tells what is wrong after the last row.</summary>
    /// <exception cref="InvalidOperationException">Something is: all of it is listed.</exception>
    public void Finish()
    {
        foreach (var group in _byVideo.Where(group => !_seen.Contains(group.Key)))
        {
            _faults.Add(
                group.Key == ""
                    ? "there are no rows."
                    : $"there is no row of the video '{group.Key}', which {group.Count()} point(s) name."
            );
        }

        Throw(_faults);
    }

    private static void Throw(Faults faults)
    {
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(faults.Text("TrackPoints cannot follow these points:"));
        }
    }

    private static string Name(string video) => video == "" ? "" : $"'{video}' ";

    /// <summary>Whether a point lies in its picture, as far as the picture's size is known.</summary>
    private static bool IsInside(TrackQuery query, int? width, int? height) =>
        query.X >= 0
        && query.Y >= 0
        && float.IsFinite(query.X)
        && float.IsFinite(query.Y)
        && query.X <= (width ?? float.MaxValue)
        && query.Y <= (height ?? float.MaxValue);

    private static string Outside(TrackQuery query, int index, int? width, int? height)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"point {index} is at x {query.X}, y {query.Y}");
        return width is null || height is null
            ? $"{place}; pixels count from 0."
            : $"{place}; the picture {(query.Video is null ? "" : $"of '{query.Video}' ")}has {width} × {height} pixels.";
    }
}
