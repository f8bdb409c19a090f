namespace Tdv.MLNet.Foundation;

/// <summary>Where files really are: links followed, in folders' names too.</summary>
internal static class RealPath
{
    /// <summary>More links one after the other are a circle.</summary>
    private const int MostLinks = 40;

    /// <summary>The full path without links. What does not exist, and a link in a circle, stays as it is named.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Enumerable.Reverse(Parts(full[root.Length..])));
        string real = root;
        for (int links = 0; rest.TryPop(out string? part); )
        {
            string next = Path.Combine(real, part);
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
            }
            else if (LinkTarget(next) is not { } target)
            {
                real = next;
            }
            else if (++links > MostLinks)
            {
                return full;
            }
            else
            {
                real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
                string relative = Path.IsPathRooted(target) ? target[real.Length..] : target;
                foreach (string step in Enumerable.Reverse(Parts(relative)))
                {
                    rest.Push(step);
                }
            }
        }

        return real;
    }

    /// <summary>
    /// Whether a path leads to a file with bytes in it. Pipes, sockets and devices, which a read could wait for for ever,
    /// have no length, and a link has that of its own text.
    /// </summary>
    public static bool HasBytes(string path)
    {
        try
        {
            var file = new FileInfo(Of(path));
            return file is { Exists: true, LinkTarget: null, Length: > 0 };
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[] Parts(string path) =>
        [
            .. path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar])
                .Where(part => part.Length > 0 && part != "."),
        ];

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
