using System.Globalization;
using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>The points that a user wants followed: a file of tracks, or <c>x,y[@frame];…</c>.</summary>
internal static class QueryText
{
    /// <param name="text">As given on the command line.</param>
    /// <param name="video">The one that is looked at.</param>
    /// <exception cref="UserException">It is neither.</exception>
    public static IReadOnlyList<TrackQuery> Read(string text, string video) =>
        text.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || File.Exists(text)
            ? OfFile(text, video)
            : Parse(text);

    private static List<TrackQuery> OfFile(string path, string video)
    {
        var all = TrackPoint.ReadFile(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(video));
        TrackPoint[] own = [.. all.Where(point => point.Video == video || Path.GetFileName(point.Video) == name)];
        return own.Length > 0
            ? [.. TrackPoint.Queries(own).Select(query => query with { Video = null })]
            : throw new UserException(
                $"'{path}' has no point of '{name}', but of {string.Join(", ", all.Select(point => $"'{point.Video}'").Distinct())}."
            );
    }

    private static List<TrackQuery> Parse(string text)
    {
        var queries = new List<TrackQuery>();
        var wrong = new List<string>();
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] place = part.Split('@');
            string[] numbers = place[0].Split(',');
            int frame = 0;
            if (
                place.Length <= 2
                && numbers.Length == 2
                && Number(numbers[0], out float x)
                && Number(numbers[1], out float y)
                && (
                    place.Length == 1
                    || int.TryParse(place[1], NumberStyles.None, CultureInfo.InvariantCulture, out frame)
                )
            )
            {
                queries.Add(new(frame, x, y));
            }
            else
            {
                wrong.Add($"'{part}'");
            }
        }

        return wrong.Count == 0 && queries.Count > 0
            ? queries
            : throw new UserException(
                $"--points has {(wrong.Count == 0 ? "no point" : string.Join(", ", wrong))}. Give pixels and frames, such as "
                    + "\"120,80;200,64@30\", or a CSV file with the header 'video,point,frame,x,y,visible'."
            );
    }

    private static bool Number(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
}
