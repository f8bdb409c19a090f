using System.Text.RegularExpressions;

namespace Tdv.MLNet.Video;

/// <summary>Orders names as people count: <c>frame2</c> before <c>frame10</c>, with or without leading zeros, in any case.</summary>
internal static partial class NaturalOrder
{
    /// <summary>More than a file's name can have.</summary>
    private const int Digits = 256;

    public static IEnumerable<string> InNaturalOrder(this IEnumerable<string> names) =>
        names.OrderBy(Key, StringComparer.OrdinalIgnoreCase).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>All numbers padded to the same length compare as text as they do as numbers.</summary>
    private static string Key(string name) =>
        Numbers().Replace(name, number => number.Value.TrimStart('0').PadLeft(Digits, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
