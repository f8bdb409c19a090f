using System.Globalization;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Motion;

/// <summary>The format of files of tracks.</summary>
internal static class TrackFile
{
    private const string Header = "video,point,frame,x,y,visible";
    private const int MostFaults = 20;

    /// <summary>Behind the video's name.</summary>
    private const int Numbers = 5;

    public static IReadOnlyList<TrackPoint> Read(string path)
    {
        if (PlainFile.Fault(path) is { } wrong)
        {
            string message =
                $"The file of tracks {Shown.Name(path)} {wrong}. It has the header '{Header}' and a line for each point and frame.";
            throw Path.Exists(path) ? new FormatException(message) : new FileNotFoundException(message, path);
        }

        var faults = new List<string>();
        var points = new List<TrackPoint>();
        var lines = new Dictionary<(string, int, int), int>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (number == 1)
            {
                if (line.Trim() != Header)
                {
                    faults.Add($"line 1 is '{line}'; the header '{Header}' is expected");
                }
            }
            else if (line.Trim().Length > 0)
            {
                Add(line, number);
            }
        }

        if (points.Count == 0 && faults.Count == 0)
        {
            faults.Add("there is no line behind the header");
        }

        return faults.Count == 0
            ? points
            : throw new FormatException(
                $"The file of tracks '{path}' needs lines '{Header}', numbers from 0, visible 1 or 0:"
                    + string.Concat(faults.Take(MostFaults).Select(fault => $"{Environment.NewLine}- {fault}"))
                    + (faults.Count > MostFaults ? $"{Environment.NewLine}- and {faults.Count - MostFaults} more" : "")
            );

        void Add(string line, int at)
        {
            if (Parse(line) is not { } point)
            {
                faults.Add($"line {at} is '{line}'");
            }
            else if (!lines.TryAdd((point.Video, point.Point, point.Frame), at))
            {
                int before = lines[(point.Video, point.Point, point.Frame)];
                faults.Add(
                    $"line {at} tells again where point {point.Point} is in frame {point.Frame}, as line {before} does"
                );
            }
            else
            {
                points.Add(point);
            }
        }
    }

    public static void Write(string path, IEnumerable<TrackPoint> points) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.WriteLine(Header);
                foreach (var point in points)
                {
                    if (point.Video.AsSpan().ContainsAny('\r', '\n'))
                    {
                        throw new ArgumentException(
                            $"The video '{point.Video}' has a line break in its name, which a file of tracks cannot hold."
                        );
                    }

                    writer.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{point.Video},{point.Point},{point.Frame},{point.X},{point.Y},{(point.IsVisible ? 1 : 0)}"
                        )
                    );
                }
            }
        );

    private static TrackPoint? Parse(string line)
    {
        string[] parts = line.Split(',');
        if (parts.Length <= Numbers)
        {
            return null;
        }

        string video = string.Join(',', parts[..^Numbers]).Trim();
        return
            video.Length > 0
            && TryInteger(parts[^5], out int point)
            && TryInteger(parts[^4], out int frame)
            && TryNumber(parts[^3], out float x)
            && TryNumber(parts[^2], out float y)
            && parts[^1].Trim() is "0" or "1"
            && Build(video, point, frame, x, y, parts[^1].Trim() == "1") is { } built
            ? built
            : null;
    }

    /// <summary>Null: a point that is seen is somewhere.</summary>
    private static TrackPoint? Build(string video, int point, int frame, float x, float y, bool visible) =>
        visible && !(float.IsFinite(x) && float.IsFinite(y)) ? null : new(video, point, frame, x, y, visible);

    private static bool TryInteger(string text, out int value) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryNumber(string text, out float value) =>
        float.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
