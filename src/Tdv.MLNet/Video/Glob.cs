using System.Text.RegularExpressions;
using Tdv.MLNet.Foundation;

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
        int depth = parts[wild..].Any(p => p.Contains("**")) ? int.MaxValue : parts.Length - wild - 1;
        string full = Path.GetFullPath(start);
        return
        [
            .. Walk(full, depth)
                .Select(file => Path.GetRelativePath(full, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(file => regex.IsMatch(file))
                .InNaturalOrder()
                .Select(file => wild == 0 ? file : $"{root}/{file}"),
        ];
    }

    /// <summary>
    /// All files down to a depth, but for hidden ones and folders that may not be read. A folder that links lead to more
    /// than once, which may be one that it lies in, is entered once: with the shortest name.
    /// </summary>
    private static IEnumerable<string> Walk(string root, int depth)
    {
        var here = new EnumerationOptions { IgnoreInaccessible = true };
        var entered = new HashSet<string>(StringComparer.Ordinal) { RealPath.Of(root) };
        var folders = new Queue<(string Folder, int Depth)>([(root, 0)]);
        while (folders.TryDequeue(out var next))
        {
            foreach (string file in Directory.EnumerateFiles(next.Folder, "*", here))
            {
                yield return file;
            }

            if (next.Depth == depth)
            {
                continue;
            }

            foreach (string folder in Directory.EnumerateDirectories(next.Folder, "*", here).InNaturalOrder())
            {
                // A pattern of a given depth ends by itself, and may mean a folder by one of its names only.
                if (depth < int.MaxValue || entered.Add(RealPath.Of(folder)))
                {
                    folders.Enqueue((folder, next.Depth + 1));
                }
            }
        }
    }

    private static Regex ToRegex(string pattern)
    {
        string regex = Regex
            .Escape(pattern)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new Regex(
            $@"^{regex}\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline
        );
    }
}
