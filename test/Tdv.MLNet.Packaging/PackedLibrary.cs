using System.IO.Compression;
using Tdv.MLNet.Tests;

namespace Tdv.MLNet.Packaging;

/// <summary>The library, as it was built for this test run, packed with its siblings into a feed of its own.</summary>
public sealed class PackedLibrary : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-feed-");

    public PackedLibrary()
    {
        // Two test projects pack, perhaps at the same time, by way of the same folders.
        using var turn = Turn();
        string[] version = [$"-p:Version={Version}", $"-p:MinVerVersionOverride={Version}"];
        Dotnet.Run(
            Repository.Root,
            ["pack", "src/Tdv.MLNet", "--no-build", "-c", Repository.Configuration, "-o", Feed, .. version]
        );
        string metapackages = "nuget/Metapackages.csproj";
        Dotnet.Run(
            Repository.Root,
            ["msbuild", metapackages, "-restore", "-t:PackAll", $"-p:PackageOutputPath={Feed}", .. version]
        );
        if (!OperatingSystem.IsWindows())
        {
            StandIn("OpenCvSharp4.runtime.win");
        }
    }

    /// <summary>Waits until no other process packs.</summary>
    private static FileStream Turn()
    {
        string path = Path.Combine(Repository.Root, "nuget", "obj", "pack.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (int tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 900)
            {
                Thread.Sleep(200);
            }
        }
    }

    /// <summary>A version that no cache has ever seen.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    public string Feed => _folder.FullName;

    public string PathOf(string package, string extension = "nupkg") =>
        Path.Combine(Feed, $"{package}.{Version}.{extension}");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>An empty package for Windows' libraries, which not every feed for Linux serves and Linux never loads.</summary>
    private void StandIn(string package)
    {
        using var cpu = new PackageFile(PathOf("Tdv.MLNet.Cpu"));
        string version = cpu.Dependencies[package];
        string path = Path.Combine(Feed, $"{package}.{version}.nupkg");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var nuspec = new StreamWriter(zip.CreateEntry($"{package}.nuspec").Open());
        nuspec.Write(
            $"""
            <package>
              <metadata>
                <id>{package}</id>
                <version>{version}</version>
                <authors>nobody</authors>
                <description>Stands in for a package of Windows.</description>
              </metadata>
            </package>
            """
        );
    }
}
