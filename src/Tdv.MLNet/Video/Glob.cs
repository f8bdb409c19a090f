using System.Text.RegularExpressions;

namespace Tdv.MLNet.Video;

/// <summary>Finds files by a pattern: <c>*</c> and <c>?</c> stay within a name, <c>**</c> crosses folders; case is ignored.</summary>
internal static class Glob
{
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The files that match, in natural order; none if the fixed first part is no folder.</summary>
    public static List<string> Files(string pattern)
    {
        string[] parts = pattern.Split('/', Path.DirectorySeparatorChar);
        int wild = Array.FindIndex(parts, IsPattern);
        string root = string.Join('/', parts[..wild]);
        string start = wild == 0 ? "." : root + "/";
        if (!Directory.Exists(start))
        {
            return [];
        }
        Regex regex = ToRegex(string.Join('/', parts[wild..]));
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = parts[wild..].Any(p => p.Contains("**")) ? int.MaxValue : parts.Length - wild - 1,
        };
        string full = Path.GetFullPath(start);
        return
        [
            .. Directory
                .EnumerateFiles(full, "*", options)
                .Select(file => Path.GetRelativePath(full, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(file => regex.IsMatch(file))
                .InNaturalOrder()
                .Select(file => wild == 0 ? file : $"{root}/{file}"),
        ];
    }

    private static Regex ToRegex(string pattern)
    {
        string regex = Regex
            .Escape(pattern)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new Regex($"^{regex}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }
}
