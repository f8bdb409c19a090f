using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

public sealed class TdvFeaturizingTransformerTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 5);

    private sealed class Output
    {
        public float[] Features { get; set; } = [];

        public float[] Cls { get; set; } = [];

        public float[] Motion { get; set; } = [];
    }

    private static TdvFeatureOptions Everything =>
        new()
        {
            ImageHeight = 32,
            ImageWidth = 48,
            Layers = [2, 6],
            ClsColumnName = "Cls",
            MotionColumnName = "Motion",
            BatchSize = 3,
        };

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Output_columns_have_the_shapes_they_promise()
    {
        var view = Clips.View(_ml, 4);
        var schema = _ml
            .Transforms.TdvFeaturize("Features", "Frame", _model, Everything)
            .Fit(view)
            .GetOutputSchema(view.Schema);
        Assert.Equal([4, 6, 2 * 192], ((VectorDataViewType)schema["Features"].Type).Dimensions);
        Assert.Equal([2 * 192], ((VectorDataViewType)schema["Cls"].Type).Dimensions);
        Assert.Equal([4, 6, 192], ((VectorDataViewType)schema["Motion"].Type).Dimensions);
    }

    [Fact]
    public void Saved_and_loaded_it_computes_the_same()
    {
        var view = Clips.View(_ml, 5);
        var transformer = _ml.Transforms.TdvFeaturize("Features", "Frame", _model, Everything).Fit(view);
        using var stream = new MemoryStream();
        // ML.NET cannot write down a schema of images alone.
        _ml.Model.Save(transformer, inputSchema: null, stream);
        var loaded = new MLContext().Model.Load(stream, out _);
        // Tuples would compare their arrays by reference.
        var (before, after) = (Rows(transformer, view), Rows(loaded, view));
        Assert.Equal(before.Select(row => row.Features), after.Select(row => row.Features));
        Assert.Equal(before.Select(row => row.Motion), after.Select(row => row.Motion));
    }

    [Fact]
    public void Prediction_engine_and_batches_agree()
    {
        var pairs = Clips.Pairs(4);
        var view = _ml.Data.LoadFromEnumerable(pairs);
        var transformer = _ml.Transforms.TdvFeaturize("Features", "Frame", _model, Everything).Fit(view);
        var engine = _ml.Model.CreatePredictionEngine<Clips.Pair, Output>(transformer);
        var batched = _ml.Data.CreateEnumerable<Output>(transformer.Transform(view), reuseRowObject: false).ToList();
        for (int i = 0; i < pairs.Count; i++)
        {
            var single = engine.Predict(pairs[i]);
            AssertClose(batched[i].Features, single.Features);
            AssertClose(batched[i].Cls, single.Cls);
            AssertClose(batched[i].Motion, single.Motion);
        }
    }

    [Fact]
    public void Motion_of_a_still_pair_differs_from_motion_of_a_moving_one()
    {
        var pairs = Clips.Pairs(1);
        pairs.Add(new Clips.Pair { Frame = pairs[0].Frame, PreviousFrame = pairs[0].Frame });
        var view = _ml.Data.LoadFromEnumerable(pairs);
        var rows = Rows(_ml.Transforms.TdvFeaturize("Features", "Frame", _model, Everything).Fit(view), view);
        Assert.Equal(rows[0].Features, rows[1].Features);
        Assert.NotEqual(rows[0].Motion, rows[1].Motion);
    }

    [Fact]
    public void A_model_file_restores_the_weights()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "weights.safetensors");
        _model.Save(path);
        using var loaded = TdvModel.Load(path);
        Assert.Equal(_model.ToBytes(), loaded.ToBytes());
    }

    [Fact]
    public void Feature_options_are_checked_all_at_once()
    {
        var options = new TdvFeatureOptions
        {
            ImageHeight = 33,
            ImageWidth = 0,
            Layers = [3, 2, 9],
            BatchSize = 0,
        };
        var exception = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.TdvFeaturize("Features", "Frame", _model, options)
        );
        Assert.Equal(
            """
            TdvFeatureOptions is out of range:
            - ImageHeight is 33; it must be a positive multiple of the patch size, 8.
            - ImageWidth is 0; it must be a positive multiple of the patch size, 8.
            - Layers are [3, 2, 9]; give at least one, each once, ascending.
            - Layers are [3, 2, 9]; the network has blocks 1 to 6.
            - BatchSize is 0; it must be at least 1.
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_an_error_when_falling_back_is_forbidden()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a GPU here.");
        var ml = new MLContext(1) { GpuDeviceId = 0, FallbackToCpu = false };
        var view = Clips.View(ml, 1);
        var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", _model).Fit(view);
        var exception = Assert.Throws<InvalidOperationException>(() => Rows(transformer, view));
        Assert.StartsWith(
            "MLContext.GpuDeviceId is 0, but libtorch sees no CUDA GPU here.",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4f));
    }

    private static List<(float[] Features, float[] Motion)> Rows(ITransformer transformer, IDataView view)
    {
        var transformed = transformer.Transform(view);
        var features = transformed.GetColumn<float[]>("Features").ToList();
        var motion = transformed.Schema.GetColumnOrNull("Motion") is null
            ? features
            : transformed.GetColumn<float[]>("Motion").ToList();
        return [.. features.Zip(motion)];
    }
}
