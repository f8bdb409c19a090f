using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace Tdv.MLNet.Tests.Packaging;

public class PackageTests
{
    private static readonly string[] Dependencies =
    [
        "MathNet.Numerics",
        "Microsoft.ML",
        "Microsoft.ML.ImageAnalytics",
        "OpenCvSharp4",
        "SharpZipLib",
        "SkiaSharp",
        "SkiaSharp.NativeAssets.Linux.NoDependencies",
        "System.Numerics.Tensors",
        "TorchSharp",
    ];

    [Fact]
    public void The_package_holds_the_library_alone_and_leaves_the_native_backend_to_the_application()
    {
        using var consumer = new ConsumerProject();

        consumer.Pack();

        using var package = ZipFile.OpenRead(consumer.PackagePath);
        Assert.Equal(
            ["lib/net8.0/Tdv.MLNet.dll", "lib/net8.0/Tdv.MLNet.xml"],
            package
                .Entries.Select(entry => entry.FullName)
                .Where(name => name.StartsWith("lib/", StringComparison.Ordinal))
                .Order()
        );
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("icon.png"));
        using var nuspec = package.GetEntry("Tdv.MLNet.nuspec")!.Open();
        var dependencies = XDocument
            .Load(nuspec)
            .Descendants()
            .Where(element => element.Name.LocalName == "dependency");
        Assert.Equal(Dependencies, dependencies.Select(element => element.Attribute("id")!.Value).Order());
    }

    [Fact]
    public void A_project_that_references_the_package_computes_with_torch()
    {
        using var consumer = new ConsumerProject();
        consumer.Pack();

        consumer.Build(
            """
            System.Runtime.CompilerServices.RuntimeHelpers.RunModuleConstructor(
                typeof(Tdv.MLNet.Featurizing.TdvOptions).Module.ModuleHandle);
            Console.WriteLine(TorchSharp.torch.ones(2, 2).sum().item<float>());
            """,
            ("TorchSharp-cpu", "0.107.0")
        );

        Assert.Equal("4", consumer.Run().Trim());
    }
}
