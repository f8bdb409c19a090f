using System.Reflection;

namespace Tdv.MLNet.Packaging;

/// <summary>A folder outside the repository, whose projects know the library only as a package from a local feed.</summary>
internal sealed class ConsumerFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-consumer-");

    /// <summary>
    /// Packages that this machine already has are read where they are; ours goes into a folder that is deleted. libtorch
    /// is linked, not copied, and only that of this machine.
    /// </summary>
    public ConsumerFolder(PackedLibrary library)
    {
        File.WriteAllText(
            System.IO.Path.Combine(Path, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="tdv" value="{library.Feed}" />
              </packageSources>
            </configuration>
            """
        );
        File.WriteAllText(
            System.IO.Path.Combine(Path, "Directory.Build.props"),
            $"""
            <Project>
              <PropertyGroup>
                <RestorePackagesPath>{Path}/packages</RestorePackagesPath>
                <RestoreFallbackFolders>{GlobalPackages}</RestoreFallbackFolders>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
              </PropertyGroup>
            </Project>
            """
        );
    }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    public static string GlobalPackages =>
        typeof(ConsumerFolder)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "NuGetPackageRoot")
            .Value!;
}
