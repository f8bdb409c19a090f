namespace Tdv.Tool.Output;

/// <summary>Names for what is written of several files into one folder: of each its own, as short as that allows.</summary>
internal static class UniqueNames
{
    /// <summary>
    /// A name without ending for each file: its own where no other has it, else with as many of its folders before it as
    /// tell it apart (<c>bear_00000</c>, <c>camel_00000</c>), with its ending, or a number, where those do not.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> files)
    {
        var names = new string[files.Count];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ways = new List<Func<string, string>> { file => Stem(file) };
        int deepest = files.Select(file => Parts(file).Length).DefaultIfEmpty(0).Max();
        ways.AddRange(
            Enumerable.Range(1, deepest).Select<int, Func<string, string>>(n => file => WithFolders(file, n))
        );
        ways.Add(file => $"{Stem(file)}_{Path.GetExtension(file).TrimStart('.')}");
        List<int> left = [.. Enumerable.Range(0, files.Count)];
        foreach (var way in ways)
        {
            // Only who stands alone keeps the name: of two that are alike none is the first.
            var alone = left.GroupBy(i => way(files[i]), StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() == 1 && !taken.Contains(group.Key))
                .ToList();
            foreach (var group in alone)
            {
                names[group.First()] = group.Key;
                taken.Add(group.Key);
            }

            left = [.. left.Where(i => names[i] is null)];
        }

        foreach (int i in left)
        {
            names[i] = Enumerable
                .Range(2, files.Count + taken.Count)
                .Select(n => FormattableString.Invariant($"{Stem(files[i])}-{n}"))
                .First(name => !taken.Contains(name));
            taken.Add(names[i]);
        }

        return names;
    }

    /// <summary>
    /// The name that begins those of all that is written of one video, so that several may be written into one folder: a
    /// file's without its ending, a folder's whole.
    /// </summary>
    public static string Of(string video)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(video)));
        return Directory.Exists(video) ? name : Stem(name);
    }

    private static string Stem(string file) => Path.GetFileNameWithoutExtension(file);

    private static string WithFolders(string file, int folders) =>
        string.Join('_', Parts(file).TakeLast(folders).Append(Stem(file)));

    private static string[] Parts(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return folder[Path.GetPathRoot(folder)!.Length..]
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
    }
}
