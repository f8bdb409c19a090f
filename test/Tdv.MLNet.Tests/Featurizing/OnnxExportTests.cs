using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Tdv.MLNet.Tests.Featurizing;

public sealed class OnnxExportTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-onnx").FullName;

    public OnnxExportTests() => LibTorchLoader.EnsureAvailable();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static NetworkOptions Tiny =>
        new()
        {
            ImageSize = 32,
            PatchSize = 8,
            Dimension = 96,
            Heads = 3,
            Depth = 4,
            MotionDepth = 2,
        };

    [Theory]
    [InlineData(1, 32, 32, false, 0, true)]
    [InlineData(3, 32, 32, false, 0, false)]
    [InlineData(3, 40, 72, false, 0, true)]
    [InlineData(1, 16, 24, true, 0, true)]
    [InlineData(3, 48, 32, true, 4, false)]
    public void Exported_and_own_network_agree(
        int batch,
        int height,
        int width,
        bool layerScale,
        int registers,
        bool attendCls
    )
    {
        var options = Tiny with { LayerScale = layerScale, Registers = registers, AttendCls = attendCls };
        using var network = Create(options);
        var settings = Settings(options, height, width);

        AssertAgrees(network, OnnxExport.ToModel(NetworkWeights.Of(network), settings, false), batch, height, width);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 4)]
    public void Exported_for_any_size_it_agrees_at_each(bool layerScale, int registers)
    {
        var options = Tiny with { LayerScale = layerScale, Registers = registers };
        using var network = Create(options);
        var model = OnnxExport.ToModel(NetworkWeights.Of(network), Settings(options, 32, 32), anySize: true);

        // The stored size, its number of patches otherwise arranged, larger, smaller, and a single row.
        foreach (var (height, width) in new[] { (32, 32), (16, 64), (40, 72), (104, 96), (24, 16), (8, 56) })
        {
            AssertAgrees(network, model, 2, height, width);
        }
    }

    [Fact]
    public void ApplyOnnxModel_computes_what_TdvFeaturize_does()
    {
        var ml = new MLContext(1);
        using var model = TdvModel.Create(TdvPreset.Tiny, 5);
        var features = new TdvFeatureOptions { ImageHeight = 32, ImageWidth = 48 };
        string path = Path.Combine(_folder, "model.onnx");
        model.ExportOnnx(path, features);
        byte[] bytes = Pixels(32 * 48 * 3, 7);
        var image = Image(bytes, 32, 48);
        var view = ml.Data.LoadFromEnumerable([new Row { Frame = image, Planes = Planes(bytes, 1, 32, 48).ToArray() }]);

        float[] own = ml
            .Transforms.TdvFeaturize("Features", "Frame", model, features)
            .Fit(view)
            .Transform(view)
            .GetColumn<float[]>("Features")
            .Single();
        var planes = ml.Transforms.SelectColumns("Planes").Append(ml.Transforms.CopyColumns("Frame", "Planes"));
        var stock = planes.Append(ml.Transforms.ApplyOnnxModel("Features", "Frame", path)).Fit(view);
        float[] applied = stock.Transform(view).GetColumn<float[]>("Features").Single();

        Assert.Equal(own.Length, applied.Length);
        Assert.True(own.Zip(applied).Max(pair => Math.Abs(pair.First - pair.Second)) <= Tolerance);
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused_and_nothing_is_written()
    {
        using var model = TdvModel.Create(TdvPreset.Tiny, 5);
        string path = Path.Combine(_folder, "model.onnx");

        var fault = Assert.Throws<ArgumentException>(() =>
            model.ExportOnnx(path, new TdvFeatureOptions { ImageHeight = 33 })
        );

        Assert.Contains(
            "ImageHeight is 33; it must be a positive multiple of the patch size, 8.",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(path));
    }

    private static FeatureSettings Settings(NetworkOptions options, int height, int width) =>
        FeatureSettings.From(
            new TdvFeatureOptions
            {
                ImageHeight = height,
                ImageWidth = width,
                Layers = [2, 4],
                ClsColumnName = "Cls",
                MotionColumnName = "Motion",
                AttentionColumnName = "Attention",
            },
            "Features",
            "Frame",
            options
        );

    private static TdvNetwork Create(NetworkOptions options)
    {
        using var gradients = no_grad();
        using var init = new Initialization(3);
        var network = new TdvNetwork(options, init);
        // Far from where parameters begin, so that each of them matters.
        foreach (var (_, parameter) in network.NamedTensors())
        {
            using var noise = init.Normal(0.05, parameter.shape);
            parameter.add_(noise);
        }

        return network;
    }

    private static void AssertAgrees(TdvNetwork network, ReadOnlyMemory<byte> model, int batch, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        byte[] frames = Pixels(batch * height * width * 3, 1);
        byte[] previous = Pixels(frames.Length, 2);
        var outputs = Run(
            model.ToArray(),
            ("Frame", Planes(frames, batch, height, width)),
            ("PreviousFrame", Planes(previous, batch, height, width))
        );

        var now = FramePixels.ToTensor(frames, batch, height, width, CPU);
        var before = FramePixels.ToTensor(previous, batch, height, width, CPU);
        var tokens = cat([.. network.FrameEncoder.Forward(now, [2, 4])], -1);
        var motion = network.EncodeMotion(now - before, network.FrameEncoder.Forward(before));
        AssertClose(tokens.narrow(1, 1, tokens.size(1) - 1), outputs["Features"]);
        AssertClose(tokens.select(1, 0), outputs["Cls"]);
        AssertClose(motion.narrow(1, 1, motion.size(1) - 1), outputs["Motion"]);
        if (outputs.TryGetValue("Attention", out var attention))
        {
            AssertClose(network.FrameEncoder.ClsAttention(now), attention);
        }

        int[] grid = [batch, height / 8, width / 8, 96];
        Assert.Equal(grid, outputs["Motion"].Dimensions.ToArray());
    }

    private static Dictionary<string, DenseTensor<float>> Run(
        byte[] model,
        params (string Name, DenseTensor<float> Values)[] inputs
    )
    {
        using var options = new SessionOptions();
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        using var session = new InferenceSession(model, options);
        using var results = session.Run([
            .. inputs.Select(input => NamedOnnxValue.CreateFromTensor(input.Name, input.Values)),
        ]);
        return results.ToDictionary(result => result.Name, result => result.AsTensor<float>().ToDenseTensor());
    }

    private static void AssertClose(Tensor expected, DenseTensor<float> found)
    {
        float[] values = expected.contiguous().data<float>().ToArray();
        Assert.Equal(values.Length, found.Length);
        Assert.Equal(expected.size(0), found.Dimensions[0]);
        double worst = values.Zip(found.ToArray()).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(worst <= Tolerance, $"They differ by {worst:E2}.");
    }

    private static byte[] Pixels(int count, int seed)
    {
        byte[] pixels = new byte[count];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    /// <summary>From <c>[batch, height, width, 3]</c> to <c>[batch, 3, height, width]</c>.</summary>
    private static DenseTensor<float> Planes(byte[] pixels, int batch, int height, int width)
    {
        var planes = new DenseTensor<float>([batch, 3, height, width]);
        int area = height * width;
        for (int i = 0; i < pixels.Length; i++)
        {
            int image = i / 3 / area;
            planes.SetValue((((image * 3) + (i % 3)) * area) + (i / 3 % area), pixels[i]);
        }

        return planes;
    }

    private static MLImage Image(byte[] rgb, int height, int width)
    {
        byte[] rgba = new byte[height * width * 4];
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            rgb.AsSpan(pixel * 3, 3).CopyTo(rgba.AsSpan(pixel * 4));
            rgba[(pixel * 4) + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, rgba);
    }

    private sealed class Row
    {
        [Microsoft.ML.Transforms.Image.ImageType(32, 48)]
        public MLImage Frame { get; set; } = null!;

        [VectorType(3 * 32 * 48)]
        public float[] Planes { get; set; } = [];
    }
}
