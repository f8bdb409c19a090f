using System.Reflection;
using Tdv.MLNet.Tests.Packaging;
using Xunit;

namespace Tdv.MLNet.Tests.Notebooks;

/// <summary>Runs a file-based program in a folder outside the repository, with the packed library as its feed.</summary>
internal sealed class ProgramRun(PackedLibrary library) : IDisposable
{
    private const string Beginning = "== next cell ==";
    private const string Saved = "saved ";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-program-");

    /// <summary>Runs <c>dotnet run name.cs</c>.</summary>
    /// <returns>What each cell of code wrote.</returns>
    public IReadOnlyList<NotebookOutput> Run(string name, NotebookFile program)
    {
        Write(
            "nuget.config",
            $"<configuration><packageSources><add key=\"tdv\" value=\"{library.Feed}\" /></packageSources></configuration>"
        );
        Write("Directory.Build.props", Properties());
        Write($"{name}.cs", program.WithBeginnings(Beginning, Directives()));
        string[] outputs = Dotnet
            .Run(_folder.FullName, "run", $"{name}.cs")
            .ReplaceLineEndings("\n")
            .Split($"{Beginning}\n");
        return [.. outputs.Select(Parse)];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>
    /// What the package Tdv.MLNet.Cpu stands for on this machine: it also needs Windows' OpenCV, which not every feed has.
    /// </summary>
    private IEnumerable<string> Directives() =>
        [
            $"#:package Tdv.MLNet@{library.Version}",
            $"#:package TorchSharp-cpu@{typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3)}",
            $"#:package OpenCvSharp4.official.runtime.linux-x64@{Metadata("OpenCvVersion")}",
            "#:property PublishAot=false",
        ];

    /// <summary>Packages that are here already are read where they are, and linked, not copied, for this platform alone.</summary>
    private static string Properties() =>
        $"""
            <Project>
              <PropertyGroup>
                <RuntimeIdentifier>$(NETCoreSdkRuntimeIdentifier)</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <RestorePackagesPath>$(MSBuildThisFileDirectory)packages</RestorePackagesPath>
                <RestoreFallbackFolders>{Metadata("NuGetPackageRoot")}</RestoreFallbackFolders>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
              </PropertyGroup>
            </Project>
            """;

    private NotebookOutput Parse(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        bool IsSaved(string line) => line.StartsWith(Saved, StringComparison.Ordinal);
        return new NotebookOutput(
            string.Join('\n', lines.Where(line => !IsSaved(line))),
            [
                .. lines
                    .Where(IsSaved)
                    .Select(line => File.ReadAllBytes(Path.Combine(_folder.FullName, line[Saved.Length..]))),
            ]
        );
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private static string Metadata(string key) =>
        typeof(ProgramRun)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == key)
            .Value!;
}
