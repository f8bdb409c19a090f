using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Documents;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Packaging;

/// <summary>What a program of one's own meets that knows the library as a package alone.</summary>
[Collection(nameof(PackedOnce))]
public class PackageTests(PackedLibrary library)
{
    [Fact]
    public void A_fresh_project_paints_with_a_saved_model_without_naming_our_types_or_referencing_libtorch()
    {
        using var consumer = new ConsumerProject(library);
        using var toys = new ToyData(frames: 2);
        using var weights = TdvModel.Create(TdvPreset.Tiny, seed: 1);
        string zip = Path.Combine(toys.Folder, "model.zip");
        string picture = Path.Combine("frames", ToyData.Name(0));
        var labeled = new Snippets.LabeledPicture(picture, Path.Combine("masks", ToyData.Name(0)));
        var painted = Snippets.Label(new MLContext(seed: 1), toys.Folder, [labeled], weights, zip);
        uint[] expected = painted.GetColumn<uint[]>("PredictedLabel").Single();

        consumer.Build(
            """
            using Microsoft.ML;
            using Microsoft.ML.Data;

            var ml = new MLContext { GpuDeviceId = 0, FallbackToCpu = true };
            string warning = "";
            ml.Log += (_, entry) => warning = entry.Message.Contains("GpuDeviceId") ? entry.Message : warning;
            ITransformer model = ml.Model.Load(args[0], out _);
            var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
            VBuffer<uint> mask = engine.Predict(new Input { Path = args[1] }).PredictedLabel;
            Console.WriteLine(string.Concat(mask.DenseValues()));
            Console.WriteLine(warning);

            class Input { public string Path { get; set; } = ""; }
            class Output { public VBuffer<uint> PredictedLabel { get; set; } }
            """
        );
        Assert.Empty(Directory.EnumerateFiles(consumer.Folder, "*torch_cpu*", SearchOption.AllDirectories));
        // ML.NET alone is 6 MB; OpenCV's native library is not among it.
        Assert.InRange(consumer.OutputSize, 6_000_000, 66_000_000);
        string[] lines = consumer.Run(zip, picture).ReplaceLineEndings("\n").Split('\n');
        string mask = lines[0];

        Assert.Equal(string.Concat(expected), mask);
        Assert.Contains('1', mask);
        Assert.Contains('2', mask);
        Assert.EndsWith("but this application has no libtorch: the CPU is used.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Training_without_libtorch_says_what_to_reference()
    {
        using var consumer = new ConsumerProject(library);
        consumer.Build(
            """
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using Microsoft.ML.Transforms.Image;
            using Tdv.MLNet;
            using Tdv.MLNet.Featurizing;

            var ml = new MLContext();
            var frame = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Bgra32, new byte[8 * 8 * 4]);
            var pairs = ml.Data.LoadFromEnumerable([new Pair { Frame = frame, PreviousFrame = frame }]);
            try { ml.Transforms.TdvFeaturize("Features", "Frame", new TdvOptions()).Fit(pairs); }
            catch (InvalidOperationException exception) { Console.WriteLine(exception.Message); }

            class Pair
            {
                [ImageType(8, 8)] public MLImage Frame { get; set; } = null!;
                [ImageType(8, 8)] public MLImage PreviousFrame { get; set; } = null!;
            }
            """
        );

        Assert.Contains(
            "add one package reference to its project, TorchSharp-cpu",
            consumer.Run(),
            StringComparison.Ordinal
        );
    }
}
