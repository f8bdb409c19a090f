using System.Text;

namespace Tdv.MLNet.Foundation;

/// <summary>
/// A line of a list or of a class file: words parted by blanks or tabs. A word with blanks stands in quotes (<c>""</c> within
/// is a quote), or all words are parted by tabs. <c>\#</c> begins a word with #; a line that begins with # is a comment.
/// A backslash elsewhere is a backslash, as paths of Windows have it.
/// </summary>
internal static class ListLine
{
    private const char Quote = '"';
    private const char Undecodable = '�';

    /// <summary>Whether a line says nothing.</summary>
    public static bool IsEmpty(string line) => line.AsSpan().Trim() is [] or ['#', ..];

    /// <param name="line">A line that says something.</param>
    /// <param name="isCount">
    /// How many words a line may have: where that many are parted by tabs, blanks belong to them, and elsewhere blanks part
    /// words, too.
    /// </param>
    /// <exception cref="FormatException">It is no text, or a quote is not closed.</exception>
    public static string[] Words(string line, Func<int, bool> isCount)
    {
        if (line.Contains('\0'))
        {
            throw new FormatException("the line holds a zero byte");
        }

        if (line.Contains(Undecodable))
        {
            throw new FormatException("the line is not UTF-8 text; save the file as UTF-8");
        }

        if (line.Contains('\t') && TrySplit(line, tabs: true) is { } parted && isCount(parted.Length))
        {
            return parted;
        }

        return TrySplit(line, tabs: false)
            ?? throw new FormatException(
                "a quote is not closed, or something follows it; a name with blanks is \"in quotes\", and \"\" in it is a quote"
            );
    }

    /// <summary>A word as <see cref="Words"/> reads it.</summary>
    /// <exception cref="FormatException">It holds a line break.</exception>
    public static string Write(string word)
    {
        if (word.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            throw new FormatException(
                $"'{word.ReplaceLineEndings("\\n")}' holds a line break, which no list can name."
            );
        }

        return word is [] or ['#' or Quote, ..] or ['\\', '#', ..] || word.AsSpan().ContainsAny(' ', '\t')
            ? $"{Quote}{word.Replace("\"", "\"\"", StringComparison.Ordinal)}{Quote}"
            : word;
    }

    /// <summary>Null where a quote is not closed as it must be.</summary>
    private static string[]? TrySplit(string line, bool tabs)
    {
        var words = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < line.Length && (line[at] == '\t' || char.IsWhiteSpace(line[at])))
            {
                at++;
            }

            if (at == line.Length)
            {
                return [.. words];
            }

            string? word = line[at] == Quote ? Quoted(line, ref at, tabs) : Plain(line, ref at, tabs);
            if (word is null)
            {
                return null;
            }

            words.Add(word);
        }
    }

    private static string? Quoted(string line, ref int at, bool tabs)
    {
        var word = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != Quote)
            {
                word.Append(line[at]);
                continue;
            }

            if (at + 1 < line.Length && line[at + 1] == Quote)
            {
                word.Append(Quote);
                at++;
                continue;
            }

            at++;
            int end = at;
            string rest = Plain(line, ref end, tabs);
            return rest.Length == 0 ? word.ToString() : null;
        }

        return null;
    }

    private static string Plain(string line, ref int at, bool tabs)
    {
        int begin = at;
        while (at < line.Length && line[at] != '\t' && (tabs || !char.IsWhiteSpace(line[at])))
        {
            at++;
        }

        string word = line[begin..at].Trim();
        return word.StartsWith("\\#", StringComparison.Ordinal) ? word[1..] : word;
    }
}
