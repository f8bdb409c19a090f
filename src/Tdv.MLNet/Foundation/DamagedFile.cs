namespace Tdv.MLNet.Foundation;

/// <summary>What becomes of a file that cannot be read any more, but that somebody may want to look at.</summary>
internal static class DamagedFile
{
    private const string Ending = ".damaged";

    /// <summary>Renames it, to a name that nothing has.</summary>
    /// <returns>The new path.</returns>
    public static string SetAside(string path)
    {
        string aside = FreeName(path);
        File.Move(path, aside);
        return aside;
    }

    /// <summary>Keeps a copy as it is, of a file of which the good part is to be used further.</summary>
    /// <returns>The copy's path.</returns>
    public static string Keep(string path)
    {
        string aside = FreeName(path);
        File.Copy(path, aside);
        return aside;
    }

    private static string FreeName(string path)
    {
        string name = $"{path}{Ending}";
        for (int i = 2; Path.Exists(name); i++)
        {
            name = FormattableString.Invariant($"{path}{Ending}-{i}");
        }

        return name;
    }
}
