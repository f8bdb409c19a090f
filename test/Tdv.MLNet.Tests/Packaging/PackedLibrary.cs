namespace Tdv.MLNet.Tests.Packaging;

/// <summary>The library, as it was built for this test run, packed into a feed of its own.</summary>
public sealed class PackedLibrary : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-feed-");

    public PackedLibrary() =>
        Dotnet.Run(
            Repository.Root,
            ["pack", "src/Tdv.MLNet", "--no-build", "-c", Repository.Configuration, $"-p:Version={Version}", "-o", Feed]
        );

    /// <summary>A version that no cache has ever seen.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    public string Feed => _folder.FullName;

    public string PackagePath => Path.Combine(Feed, $"Tdv.MLNet.{Version}.nupkg");

    public void Dispose() => _folder.Delete(recursive: true);
}
