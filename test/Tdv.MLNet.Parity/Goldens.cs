namespace Tdv.MLNet.Parity;

/// <summary>Finds the numbers that the official code produced.</summary>
internal static class Goldens
{
    private const string Variable = "TDV_GOLDENS";

    /// <summary>
    /// The folder named by TDV_GOLDENS, else shared/goldens beside the repository, else the subset in this project.
    /// </summary>
    public static string Folder { get; } = Find();

    /// <summary>The cases whose name begins with <paramref name="letter"/> and an underscore.</summary>
    public static IEnumerable<GoldenCase> Cases(char letter) =>
        All().Where(golden => golden.Name.StartsWith($"{letter}_", StringComparison.Ordinal));

    public static IEnumerable<GoldenCase> All() =>
        Directory.Exists(Folder)
            ? Directory
                .EnumerateFiles(Folder, "case.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(GoldenCase.Read)
            : [];

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared", "goldens");
            if (Directory.Exists(shared))
            {
                return shared;
            }
        }

        return Path.Combine(AppContext.BaseDirectory, "goldens");
    }
}
