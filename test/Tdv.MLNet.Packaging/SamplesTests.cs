using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Packaging;

/// <summary>The samples are a stranger's program: a copy of them is built against the packed library, and one runs.</summary>
[Collection(nameof(PackedOnce))]
public class SamplesTests(PackedLibrary library)
{
    [Fact]
    public void The_samples_build_against_the_package_and_run()
    {
        using var folder = new ConsumerFolder(library);
        Copy(folder.Path);

        Dotnet.Run(
            folder.Path,
            [
                "build",
                "src/Tdv.Samples",
                "-o",
                "out",
                $"-p:TdvPackage={library.Version}",
                $"-p:RestorePackagesPath={Path.Combine(folder.Path, "packages")}",
                $"-p:RestoreFallbackFolders={ConsumerFolder.GlobalPackages}",
                "-p:CreateSymbolicLinksForCopyLocalIfPossible=true",
            ]
        );
        string told = Dotnet.Run(folder.Path, [Path.Combine("out", "Tdv.Samples.dll"), "official-weights"]);

        Assert.Contains("36 frames, 192 features each", told, StringComparison.Ordinal);
    }

    private static void Copy(string target)
    {
        string samples = Path.Combine("src", "Tdv.Samples");
        string[] sources =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, samples), "*.cs*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Repository.Root, path))
                .Where(path => !path.StartsWith(Path.Combine(samples, "obj"), StringComparison.Ordinal))
                .Where(path => !path.StartsWith(Path.Combine(samples, "bin"), StringComparison.Ordinal)),
        ];
        string[] settings = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];
        foreach (string file in sources)
        {
            Put(file, Path.Combine(target, file));
        }

        foreach (string file in settings)
        {
            Put(file, Path.Combine(target, "src", file));
        }

        static void Put(string file, string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(Repository.Root, file), path);
        }
    }
}
