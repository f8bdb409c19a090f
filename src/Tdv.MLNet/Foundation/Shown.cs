using System.Globalization;
using System.Text;

namespace Tdv.MLNet.Foundation;

/// <summary>Names of files in messages. A name may hold line breaks and codes that a terminal obeys: they are shown, not sent.</summary>
internal static class Shown
{
    /// <summary>The name between quotation marks, on one line.</summary>
    public static string Name(string name) => $"'{Escape(name, keepLines: false)}'";

    /// <summary>A text of several lines whose parts come from elsewhere.</summary>
    public static string Lines(string text) => Escape(text, keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' when keepLines => escaped.Append(c),
                '\r' when keepLines => escaped,
                '\t' when keepLines => escaped.Append(c),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                _ when IsUnsafe(c) => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Controls, line and paragraph separators, and what turns the direction of writing.</summary>
    private static bool IsUnsafe(char c) =>
        char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u200E' or '\u200F'
        || c is >= '\u202A' and <= '\u202E'
        || c is >= '\u2066' and <= '\u2069';
}
