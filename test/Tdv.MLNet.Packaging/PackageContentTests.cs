using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Microsoft.ML;
using SkiaSharp;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Packaging;

/// <summary>What is in the packages, and what they say about themselves.</summary>
[Collection(nameof(PackedOnce))]
public class PackageContentTests(PackedLibrary packed)
{
    private static readonly string[] Dependencies =
    [
        "Google.Protobuf",
        "MathNet.Numerics",
        "Microsoft.ML",
        "Microsoft.ML.ImageAnalytics",
        "Microsoft.ML.OnnxRuntime",
        "OpenCvSharp4",
        "SharpZipLib",
        "SkiaSharp",
        "SkiaSharp.NativeAssets.Linux.NoDependencies",
        "System.Numerics.Tensors",
        "TorchSharp",
    ];

    private const string LinuxVideo = "OpenCvSharp4.official.runtime.linux-x64";
    private const string WindowsVideo = "OpenCvSharp4.runtime.win";

    [Fact]
    public void The_package_holds_the_library_alone()
    {
        using var package = new PackageFile(packed.PathOf("Tdv.MLNet"));
        using var symbols = new PackageFile(packed.PathOf("Tdv.MLNet", "snupkg"));

        Assert.Equal(["README.md", "icon.png", "lib/net8.0/Tdv.MLNet.dll", "lib/net8.0/Tdv.MLNet.xml"], package.Files);
        Assert.Equal(["lib/net8.0/Tdv.MLNet.pdb"], symbols.Files);
    }

    [Fact]
    public void The_library_leaves_the_native_backend_to_the_application()
    {
        using var package = new PackageFile(packed.PathOf("Tdv.MLNet"));

        Assert.Equal(["net8.0"], package.DependencyGroups);
        Assert.Equal(Dependencies, package.Dependencies.Keys.Order());
        Assert.Equal("[5.0.1, 6.0.0)", package.Dependencies["Microsoft.ML"]);
        Assert.Equal("[5.0.1, 6.0.0)", package.Dependencies["Microsoft.ML.ImageAnalytics"]);
    }

    [Theory]
    [InlineData("Tdv.MLNet.Cpu", "TorchSharp-cpu", LinuxVideo, WindowsVideo)]
    [InlineData("Tdv.MLNet.Cuda.Linux", "TorchSharp-cuda-linux", LinuxVideo)]
    [InlineData("Tdv.MLNet.Cuda.Windows", "TorchSharp-cuda-windows", WindowsVideo)]
    public void A_sibling_adds_the_native_packages_in_the_versions_that_the_library_was_built_for(
        string name,
        string torch,
        params string[] videos
    )
    {
        using var library = new PackageFile(packed.PathOf("Tdv.MLNet"));
        using var package = new PackageFile(packed.PathOf(name));
        var expected = videos.ToDictionary(video => video, _ => library.Dependencies["OpenCvSharp4"]);
        expected.Add(torch, library.Dependencies["TorchSharp"]);
        expected.Add("Tdv.MLNet", $"[{packed.Version}]");

        Assert.Equal(expected.OrderBy(pair => pair.Key), package.Dependencies.OrderBy(pair => pair.Key));
        Assert.Equal(["README.md", "icon.png"], package.Files);
    }

    [Theory]
    [InlineData("Tdv.MLNet")]
    [InlineData("Tdv.MLNet.Cpu")]
    [InlineData("Tdv.MLNet.Cuda.Linux")]
    [InlineData("Tdv.MLNet.Cuda.Windows")]
    public void A_package_has_all_that_its_page_shows(string name)
    {
        using var package = new PackageFile(packed.PathOf(name));
        using var icon = SKBitmap.Decode(package.Read(package["icon"]));

        Assert.Equal((name, packed.Version), (package["id"], package["version"]));
        Assert.Equal("MIT", package["license"]);
        Assert.Equal("expression", package.Elements("license").Single().Attribute("type")!.Value);
        Assert.Equal("The Tdv.MLNet authors", package["authors"]);
        Assert.Contains("learn from raw video", package["description"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ml.net", package["tags"], StringComparison.Ordinal);
        Assert.Equal((128, 128), (icon.Width, icon.Height));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Repository.Root, "nuget/README.md")),
            package.Read(package["readme"])
        );
    }

    [Fact]
    public void Estimators_show_their_characteristics_in_an_editor()
    {
        using var package = new PackageFile(packed.PathOf("Tdv.MLNet"));
        using var stream = new MemoryStream(package.Read("lib/net8.0/Tdv.MLNet.xml"));
        var remarks = XDocument
            .Load(stream)
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("remarks")?.Value);
        Type[] estimators =
        [
            .. typeof(TdvModel)
                .Assembly.GetExportedTypes()
                .Where(type =>
                    !type.IsAbstract && type.GetInterfaces().Any(other => other.Name == typeof(IEstimator<>).Name)
                ),
        ];

        Assert.Equal(9, estimators.Length);
        Assert.All(
            estimators,
            estimator =>
                Assert.Contains("Characteristics", remarks[$"T:{estimator.FullName}"], StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_package_names_the_commit_that_it_was_built_from()
    {
        using var package = new PackageFile(packed.PathOf("Tdv.MLNet"));

        // An archive of the sources knows of no commit.
        Assert.Equal(
            Path.Exists(Path.Combine(Repository.Root, ".git")),
            package.Elements("repository").Any(element => element.Attribute("commit")?.Value.Length == 40)
        );
    }

    [Fact]
    public void The_library_runs_on_any_newer_framework_and_loads_every_model_that_it_ever_saved()
    {
        using var package = new PackageFile(packed.PathOf("Tdv.MLNet"));
        using var image = new PEReader(new MemoryStream(package.Read("lib/net8.0/Tdv.MLNet.dll")));
        var metadata = image.GetMetadataReader();
        var runtime = metadata
            .AssemblyReferences.Select(metadata.GetAssemblyReference)
            .Single(reference => metadata.GetString(reference.Name) == "System.Runtime");

        Assert.Equal(new Version(1, 0, 0, 0), metadata.GetAssemblyDefinition().Version);
        Assert.Equal(new Version(8, 0, 0, 0), runtime.Version);
    }

    [Fact]
    public void The_same_sources_give_the_same_bytes()
    {
        using var package = new PackageFile(packed.PathOf("Tdv.MLNet"));
        using var image = new PEReader(new MemoryStream(package.Read("lib/net8.0/Tdv.MLNet.dll")));
        var debug = image.ReadDebugDirectory();
        var symbols = debug.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);

        Assert.Contains(debug, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        Assert.StartsWith(
            "/_/",
            image.ReadCodeViewDebugDirectoryData(symbols).Path.Replace('\\', '/'),
            StringComparison.Ordinal
        );
    }
}
