using Tdv.MLNet.Packaging;

namespace Tdv.MLNet.Documents.Notebooks;

/// <summary>Runs a file-based program in a folder outside the repository, with the packed library as its feed.</summary>
internal sealed class ProgramRun(PackedLibrary library) : IDisposable
{
    private const string Beginning = "== next cell ==";
    private const string Saved = "saved ";
    private readonly ConsumerFolder _folder = new(library);

    /// <summary>Runs <c>dotnet run name.cs</c>.</summary>
    /// <returns>What each cell of code wrote.</returns>
    public IReadOnlyList<NotebookOutput> Run(string name, NotebookFile program)
    {
        File.WriteAllText(PathOf($"{name}.cs"), program.WithBeginnings(Beginning));
        string output = Dotnet.Run(_folder.Path, "run", $"{name}.cs").ReplaceLineEndings("\n");
        return [.. output.Split($"{Beginning}\n").Select(Parse)];
    }

    public void Dispose() => _folder.Dispose();

    private NotebookOutput Parse(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        return new NotebookOutput(
            string.Join('\n', lines.Where(line => !IsSaved(line))),
            [.. lines.Where(IsSaved).Select(line => File.ReadAllBytes(PathOf(line[Saved.Length..])))]
        );
    }

    private static bool IsSaved(string line) => line.StartsWith(Saved, StringComparison.Ordinal);

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
