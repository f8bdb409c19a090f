using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Pretraining;
using TorchSharp;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

/// <summary>The ways to say where weights come from, who owns them, and what the columns are called.</summary>
public sealed class TdvFeaturizeTests : IDisposable
{
    private static readonly TdvFeatureOptions Small = new() { ImageHeight = 32, ImageWidth = 32 };
    private readonly MLContext _ml = new(1);
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 5);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Weights_come_from_a_model_a_file_or_a_stream()
    {
        var view = Clips.View(_ml, 3);
        string path = _folder["weights.safetensors"];
        _model.Save(path);
        using var stream = new MemoryStream();
        _model.Save(stream);
        stream.Position = 0;

        float[][] expected = Features(_ml.Transforms.TdvFeaturize("F", "Frame", _model, Small), view);

        Assert.Equal(expected, Features(_ml.Transforms.TdvFeaturize("F", "Frame", path, Small), view));
        Assert.Equal(expected, Features(_ml.Transforms.TdvFeaturize("F", "Frame", stream, Small), view));
        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.pth")]
    public void A_stream_is_read_whatever_its_format_and_left_open(string name)
    {
        _model.Save(_folder[name]);
        using var stream = File.OpenRead(_folder[name]);

        using var read = TdvModel.Load(stream);

        var view = Clips.View(_ml, 2);
        Assert.Equal(
            Features(_ml.Transforms.TdvFeaturize("F", "Frame", _model, Small), view),
            Features(_ml.Transforms.TdvFeaturize("F", "Frame", read, Small), view)
        );
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void A_stream_of_something_else_is_refused_by_its_name()
    {
        using var stream = new MemoryStream([1, 2, 3]);

        var error = Assert.Throws<InvalidDataException>(() => TdvModel.Load(stream));

        Assert.Equal(
            "'the stream': expected a safetensors file or a PyTorch checkpoint (.pth, .pt, .ckpt), found neither.",
            error.Message
        );
    }

    [Fact]
    public void A_transformer_owns_the_weights_it_read_from_a_file_and_each_fit_has_its_own()
    {
        var view = Clips.View(_ml, 2);
        string path = _folder["weights.safetensors"];
        _model.Save(path);
        var estimator = _ml.Transforms.TdvFeaturize("F", "Frame", path, Small);
        using var second = estimator.Fit(view);
        var first = estimator.Fit(view);
        var scored = first.Transform(view);
        float[][] expected = [.. scored.GetColumn<float[]>("F")];

        first.Dispose();

        Assert.Throws<ObjectDisposedException>(() => scored.GetColumn<float[]>("F").Count());
        Assert.Throws<ObjectDisposedException>(() => first.Model.Save(path));
        Assert.Equal(expected, second.Transform(view).GetColumn<float[]>("F"));
    }

    [Theory]
    [InlineData(TdvEngine.OnnxRuntime)]
    [InlineData(TdvEngine.TorchSharp)]
    public void A_transformer_over_somebodys_model_goes_on_after_it_was_disposed(TdvEngine engine)
    {
        var view = Clips.View(_ml, 2);
        var transformer = _ml.Transforms.TdvFeaturize("F", "Frame", _model, Small with { Engine = engine }).Fit(view);
        float[][] before = [.. transformer.Transform(view).GetColumn<float[]>("F")];

        transformer.Dispose();

        Assert.Equal(before, transformer.Transform(view).GetColumn<float[]>("F"));
    }

    [Fact]
    public void A_network_stays_where_it_was_handed_out_when_another_device_asks_for_it()
    {
        var onCpu = _model.On(torch.CPU);

        var elsewhere = _model.On(torch.META);

        Assert.Equal(DeviceType.CPU, onCpu.parameters().First().device_type);
        Assert.Equal(DeviceType.META, elsewhere.parameters().First().device_type);
        Assert.Same(onCpu, _model.On(torch.CPU));
        Assert.Same(elsewhere, _model.On(torch.META));
    }

    [Fact]
    public void Training_and_features_read_the_previous_frame_from_one_column()
    {
        var renamed = _ml
            .Transforms.CopyColumns("Before", "PreviousFrame")
            .Append(_ml.Transforms.DropColumns("PreviousFrame"));
        var pairs = Clips.View(_ml, 4);
        var view = renamed.Fit(pairs).Transform(pairs);
        var options = new TdvOptions
        {
            Steps = 1,
            BatchSize = 2,
            ImageSize = 16,
        };
        var features = Small with { MotionColumnName = "Motion", PreviousFrameColumnName = "Before" };

        using var transformer = _ml.Transforms.TdvFeaturize("F", "Frame", options, features).Fit(view);

        Assert.Equal(4, transformer.Transform(view).GetColumn<float[]>("Motion").Count());
    }

    [Fact]
    public void Without_an_input_the_output_takes_its_place()
    {
        var view = Clips.View(_ml, 2);

        var features = _ml.Transforms.TdvFeaturize("Frame", null, _model, Small).Fit(view).Transform(view);

        Assert.Equal(4 * 4 * _model.Dimension, features.GetColumn<float[]>("Frame").First().Length);
    }

    [Fact]
    public void Automatic_precision_is_float32()
    {
        var view = Clips.View(_ml, 2);
        float[][] Of(TdvPrecision precision) =>
            Features(_ml.Transforms.TdvFeaturize("F", "Frame", _model, Small with { Precision = precision }), view);

        Assert.Equal(Of(TdvPrecision.Float32), Of(TdvPrecision.Automatic));
    }

    [Fact]
    public void What_is_null_is_named()
    {
        var transforms = _ml.Transforms;
        Assert.Equal("options", Null(() => transforms.TdvFeaturize("F", "Frame", (TdvOptions)null!)));
        Assert.Equal("model", Null(() => transforms.TdvFeaturize("F", "Frame", (TdvModel)null!)));
        Assert.Equal("path", Null(() => transforms.TdvFeaturize("F", "Frame", (string)null!)));
        Assert.Equal("stream", Null(() => transforms.TdvFeaturize("F", "Frame", (Stream)null!)));
        Assert.Equal("outputColumnName", Null(() => transforms.TdvFeaturize(null!, "Frame", _model)));
        Assert.Equal("input", Null(() => transforms.TdvFeaturize("F", "Frame", _model).Fit(null!)));

        static string? Null(Func<object> call) => Assert.Throws<ArgumentNullException>(call).ParamName;
    }

    [Fact]
    public void A_column_without_a_name_is_refused_before_any_work()
    {
        var features = Small with { PreviousFrameColumnName = null!, ClsColumnName = "" };

        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.TdvFeaturize("F", "Frame", _model, features));

        Assert.Equal(
            """
            TdvFeatureOptions is out of range:
            - PreviousColumn is empty.
            - ClsColumn is empty.
            """,
            error.Message,
            ignoreLineEndingDifferences: true
        );
    }

    private static float[][] Features(TdvFeaturizingEstimator estimator, IDataView view)
    {
        using var transformer = estimator.Fit(view);
        return [.. transformer.Transform(view).GetColumn<float[]>("F")];
    }
}
