namespace Tdv.MLNet.Packaging;

/// <summary>A console project in a folder of its own, which knows the library only as a package from a local feed.</summary>
internal sealed class ConsumerProject(PackedLibrary library) : IDisposable
{
    private readonly ConsumerFolder _folder = new(library);

    public string Folder => _folder.Path;

    /// <summary>Writes and builds the project; <paramref name="packages"/> are further references, name and version.</summary>
    public void Build(string program, params (string Name, string Version)[] packages)
    {
        File.WriteAllText(Path.Combine(Folder, "Program.cs"), program);
        File.WriteAllText(
            Path.Combine(Folder, "Consumer.csproj"),
            ProjectFile(packages.Prepend(("Tdv.MLNet", library.Version)))
        );
        Dotnet.Run(Folder, "build", "-c", "Release", "-o", "out", "-nologo", "-v", "quiet");
    }

    public string Run(params string[] arguments) => Dotnet.Run(Folder, ["out/Consumer.dll", .. arguments]);

    /// <summary>Bytes of all that the build put into its output folder, behind links too.</summary>
    public long OutputSize =>
        Directory
            .EnumerateFiles(Path.Combine(Folder, "out"), "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file).Length);

    public void Dispose() => _folder.Dispose();

    /// <summary>Built for the oldest framework that the library is for; the one that is installed runs it.</summary>
    private static string ProjectFile(IEnumerable<(string Name, string Version)> packages) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net8.0</TargetFramework>
                <RollForward>Major</RollForward>
                <UseAppHost>false</UseAppHost>
                <ImplicitUsings>enable</ImplicitUsings>
                <RuntimeIdentifier>$(NETCoreSdkRuntimeIdentifier)</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", packages.Select(package =>
                    $"<PackageReference Include=\"{package.Name}\" Version=\"{package.Version}\" />"))}
              </ItemGroup>
            </Project>
            """;
}
