using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Tests.Pretraining;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

public sealed class EngineTests : IDisposable
{
    private const float Tolerance = 1e-5f;
    private readonly MLContext _ml = new(1);
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 5);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(96, 96, new[] { 6 })]
    [InlineData(32, 56, new[] { 2, 4, 6 })]
    public void Both_engines_compute_the_same(int height, int width, int[] layers)
    {
        var options = new TdvFeatureOptions
        {
            ImageHeight = height,
            ImageWidth = width,
            Layers = layers,
            ClsColumnName = "Cls",
            MotionColumnName = "Motion",
            AttentionColumnName = "Attention",
            BatchSize = 3,
        };
        // The last batch is smaller, and each column is also asked for alone.
        var view = Clips.View(_ml, 5);
        var onnx = Transform(view, options with { Engine = TdvEngine.OnnxRuntime });
        var torch = Transform(view, options with { Engine = TdvEngine.TorchSharp });

        foreach (string column in new[] { "Features", "Cls", "Motion", "Attention" })
        {
            AssertClose([.. torch.GetColumn<float[]>(column)], [.. onnx.GetColumn<float[]>(column)]);
        }

        AssertClose(Together(torch), Together(onnx));
    }

    [Fact]
    public void On_the_CPU_it_is_ONNX_Runtime_unless_told_otherwise()
    {
        var view = Clips.View(_ml, 3);
        float[][] Features(TdvEngine engine) =>
            [.. Transform(view, new TdvFeatureOptions { Engine = engine }).GetColumn<float[]>("Features")];

        Assert.Equal(Features(TdvEngine.OnnxRuntime), Features(TdvEngine.Automatic));
        Assert.NotEqual(Features(TdvEngine.TorchSharp), Features(TdvEngine.Automatic));
    }

    [Fact]
    public void In_bfloat16_features_are_close_and_the_model_keeps_its_precision()
    {
        var view = Clips.View(_ml, 3);
        var options = new TdvFeatureOptions { ClsColumnName = "Cls", MotionColumnName = "Motion" };
        var estimator = _ml.Transforms.TdvFeaturize(
            "Features",
            "Frame",
            _model,
            options with
            {
                Precision = TdvPrecision.BFloat16,
            }
        );
        using var saved = new MemoryStream();
        _ml.Model.Save(estimator.Fit(view), inputSchema: null, saved);
        var lowered = new MLContext().Model.Load(saved, out _).Transform(view);
        var full = Transform(view, options with { Engine = TdvEngine.TorchSharp });

        foreach (string column in new[] { "Features", "Cls", "Motion" })
        {
            float[] expected = [.. full.GetColumn<float[]>(column).SelectMany(values => values)];
            float[] found = [.. lowered.GetColumn<float[]>(column).SelectMany(values => values)];
            double error = Math.Sqrt(expected.Zip(found).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
            // Were it float32 after all, the error would be below 1e-5.
            Assert.InRange(error / Math.Sqrt(expected.Sum(value => (double)value * value)), 1e-4, 0.05);
        }

        // The weights themselves are still those of float32.
        Assert.Equal(
            full.GetColumn<float[]>("Features"),
            Transform(view, options with { Engine = TdvEngine.TorchSharp }).GetColumn<float[]>("Features")
        );
    }

    [Fact]
    public void ONNX_Runtime_is_not_asked_for_bfloat16()
    {
        var options = new TdvFeatureOptions { Engine = TdvEngine.OnnxRuntime, Precision = TdvPrecision.BFloat16 };

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.TdvFeaturize("Features", "Frame", _model, options)
        );

        Assert.Contains(
            "Precision is BFloat16, which ONNX Runtime does not compute in; set Engine to TorchSharp or Automatic.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_replaced_with_a_warning_if_that_is_allowed()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "There is a GPU here.");
        var ml = new MLContext(1) { GpuDeviceId = 0, FallbackToCpu = true };
        var log = new List<string>();
        ml.Log += (_, entry) => log.Add(entry.Message);
        var view = Clips.View(ml, 2);

        Assert.Equal(
            2,
            ml.Transforms.TdvFeaturize("Features", "Frame", _model)
                .Fit(view)
                .Transform(view)
                .GetColumn<float[]>("Features")
                .Count()
        );

        Assert.Contains(log, line => line.Contains("the CPU is used.", StringComparison.Ordinal));
    }

    [Fact]
    public void An_engine_there_is_not_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.TdvFeaturize("Features", "Frame", _model, new TdvFeatureOptions { Engine = (TdvEngine)7 })
        );
        Assert.Contains(
            "Engine is 7; it must be one of Automatic, OnnxRuntime, TorchSharp.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private IDataView Transform(IDataView view, TdvFeatureOptions options) =>
        _ml.Transforms.TdvFeaturize("Features", "Frame", _model, options).Fit(view).Transform(view);

    private float[][] Together(IDataView view) =>
        [
            .. _ml
                .Data.CreateEnumerable<Output>(view, reuseRowObject: false)
                .Select(row => (float[])[.. row.Features, .. row.Cls, .. row.Motion, .. row.Attention]),
        ];

    private static void AssertClose(float[][] expected, float[][] found)
    {
        Assert.Equal(expected.Length, found.Length);
        foreach (var (one, other) in expected.Zip(found))
        {
            Assert.Equal(one.Length, other.Length);
            float worst = one.Zip(other).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.True(worst <= Tolerance, $"They differ by {worst:E2}.");
        }
    }

    private sealed class Output
    {
        public float[] Features { get; set; } = [];

        public float[] Cls { get; set; } = [];

        public float[] Motion { get; set; } = [];

        public float[] Attention { get; set; } = [];
    }
}
