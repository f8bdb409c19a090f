using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Featurizing;
using Xunit;

namespace Tdv.MLNet.Tests.Packaging;

public class PackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>
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
        using var package = ZipFile.OpenRead(library.PackagePath);

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
    public void A_fresh_project_uses_a_saved_model_without_naming_our_types()
    {
        using var consumer = new ConsumerProject(library);
        using var toys = new ToyData();
        string model = Path.Combine(toys.Folder, "model.zip");
        string picture = Path.Combine(toys.FrameFolder, ToyData.Name(0));
        SaveModel(model, picture, out float[] features);

        consumer.Build(
            """
            using Microsoft.ML;
            using Microsoft.ML.Data;

            var ml = new MLContext();
            ITransformer model = ml.Model.Load(args[0], out _);
            var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
            VBuffer<float> features = engine.Predict(new Input { Path = args[1] }).Features;
            Console.WriteLine(string.Join(' ', features.DenseValues().Select(BitConverter.SingleToInt32Bits)));

            class Input { public string Path { get; set; } = ""; }
            class Output { public VBuffer<float> Features { get; set; } }
            """,
            ("TorchSharp-cpu", typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3))
        );

        string expected = string.Join(' ', features.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(expected, consumer.Run(model, picture).Trim());
    }

    [Fact]
    public void A_project_without_a_backend_is_told_what_to_reference()
    {
        using var consumer = new ConsumerProject(library);
        consumer.Build(
            """
            using Tdv.MLNet.Featurizing;

            try { TdvModel.Create(TdvPreset.Tiny, seed: 1); }
            catch (InvalidOperationException exception) { Console.WriteLine(exception.Message); }
            """
        );

        Assert.Contains(
            "add one package reference to its project, TorchSharp-cpu",
            consumer.Run(),
            StringComparison.Ordinal
        );
    }

    private static void SaveModel(string path, string picture, out float[] features)
    {
        var ml = new MLContext();
        using var network = TdvModel.Create(TdvPreset.Tiny, seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable([new Picture(picture)]);
        var pipeline = ml
            .Transforms.LoadImages("Frame", imageFolder: "", inputColumnName: "Path")
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", network));
        var model = pipeline.Fit(rows);
        ml.Model.Save(model, rows.Schema, path);
        features = [.. model.Transform(rows).GetColumn<float[]>("Features").Single()];
    }

    private sealed record Picture(string Path);
}
