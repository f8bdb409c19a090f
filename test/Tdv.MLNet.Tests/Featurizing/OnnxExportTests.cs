using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Interop;
using Tdv.MLNet.Model;
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
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var options = Tiny with { LayerScale = layerScale, Registers = registers, AttendCls = attendCls };
        var features = new TdvFeatureOptions
        {
            ImageHeight = height,
            ImageWidth = width,
            Layers = [2, 4],
            ClsColumnName = "Cls",
            MotionColumnName = "Motion",
            AttentionColumnName = "Attention",
        };
        var settings = FeatureSettings.From(features, "Features", "Frame", options);
        using var init = new Initialization(3);
        using var network = new TdvNetwork(options, init);
        // Far from where parameters begin, so that each of them matters.
        foreach (var (_, parameter) in network.NamedTensors())
        {
            parameter.add_(init.Normal(0.05, parameter.shape));
        }

        byte[] frames = Pixels(batch * height * width * 3, 1);
        byte[] previous = Pixels(frames.Length, 2);
        var outputs = Run(
            OnnxExport.ToModel(NetworkWeights.Of(network), settings).ToArray(),
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
        AssertClose(network.FrameEncoder.ClsAttention(now), outputs["Attention"]);
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

    [Fact]
    public void Rotary_positions_are_refused()
    {
        var options = Tiny with { Position = PositionKind.Rotary };
        using var init = new Initialization(3);
        using var network = new TdvNetwork(options, init);
        var settings = FeatureSettings.From(new(), "Features", "Frame", options);

        var fault = Assert.Throws<NotSupportedException>(() =>
            OnnxExport.ToModel(NetworkWeights.Of(network), settings)
        );

        Assert.Equal("Networks with rotary positions cannot be exported to ONNX.", fault.Message);
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
