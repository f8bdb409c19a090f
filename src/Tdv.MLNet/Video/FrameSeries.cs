using System.Text.RegularExpressions;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Video;

/// <summary>
/// Which pictures of a folder follow one another. <c>left_01</c> and <c>right_01</c>, or <c>01</c> and <c>01_mask</c>, are
/// two series, and so are <c>cam1_01</c> and <c>cam2_01</c>; <c>clip_12_00_59</c> and <c>clip_12_01_00</c> are one.
/// </summary>
internal static partial class FrameSeries
{
    /// <summary>
    /// A picture's series: its name, with numbers left open but for those that belong to a word, of which the last number
    /// never is one.
    /// </summary>
    public static string Of(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        MatchCollection numbers = Numbers().Matches(name);
        int last = numbers.Count == 0 ? -1 : numbers[^1].Index;
        return Numbers()
            .Replace(
                name,
                number =>
                    number.Index != last && number.Index > 0 && char.IsLetter(name[number.Index - 1])
                        ? number.Value
                        : "#"
            );
    }

    /// <summary>What keeps a folder's numbered pictures from being one video, or null.</summary>
    public static string? Fault(string folder, IReadOnlyList<string> frames)
    {
        var sameName = frames
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (sameName is not null)
        {
            return Text(folder, Shown.Name(sameName.First()), Shown.Name(sameName.ElementAt(1)));
        }

        List<IGrouping<string, string>> series = [.. frames.GroupBy(Of, StringComparer.OrdinalIgnoreCase)];
        bool otherWords = frames.Select(Words).Distinct(StringComparer.OrdinalIgnoreCase).Skip(1).Any();
        return series.Count > 1 && (otherWords || ShareNumbers(series))
            ? Text(folder, Example(series[0]), Example(Other(series, otherWords)))
            : null;
    }

    /// <summary>
    /// Numbers that belong to words may count frames as well, as in <c>frame01_t0.5</c>: then the others never come twice.
    /// </summary>
    private static bool ShareNumbers(List<IGrouping<string, string>> series) =>
        series.SelectMany(group => group.Select(LastNumber).Distinct()).GroupBy(n => n).Any(same => same.Count() > 1);

    private static IGrouping<string, string> Other(List<IGrouping<string, string>> series, bool otherWords) =>
        series
            .Skip(1)
            .First(group =>
                !otherWords
                || !Words(group.First()).Equals(Words(series[0].First()), StringComparison.OrdinalIgnoreCase)
            );

    private static string Example(IGrouping<string, string> group) => $"{Shown.Name(group.First())} ({group.Count()})";

    private static string Text(string folder, string first, string second) =>
        $"Folder {Shown.Name(folder)} holds more than one series of pictures, such as {first} and {second}. Keep each "
        + "video's frames in a folder of its own, without masks or another camera's pictures beside them.";

    private static string Words(string file) => Numbers().Replace(Path.GetFileNameWithoutExtension(file), "#");

    private static string LastNumber(string file) =>
        Numbers().Matches(Path.GetFileNameWithoutExtension(file))[^1].Value.TrimStart('0');

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)*")]
    private static partial Regex Numbers();
}
