using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Pretraining;
using TorchSharp;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

/// <summary>One transformer in many hands: what must hold whatever computes the features.</summary>
public sealed class ThreadsTests : IDisposable
{
    private const int Threads = 8;
    private const int Rows = 6;
    private readonly MLContext _ml = new(1);
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 5);
    private readonly List<Clips.Pair> _pairs = Clips.Pairs(Rows);

    private static TdvFeatureOptions Options =>
        new()
        {
            ImageHeight = 32,
            ImageWidth = 48,
            BatchSize = 3,
            ClsColumnName = "Cls",
            MotionColumnName = "Motion",
        };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(TdvEngine.OnnxRuntime)]
    [InlineData(TdvEngine.TorchSharp)]
    public async Task Eight_engines_and_two_cursors_over_one_transformer_give_what_one_gives(TdvEngine computing)
    {
        using var transformer = Fit(computing);
        float[][] alone = [.. Engine(transformer, Rows)];
        float[][] batchAlone = [.. Cursor(transformer)];
        var engines = Enumerable.Range(0, Threads).Select(_ => Start(() => Engine(transformer, 3 * Rows).ToArray()));
        var cursors = Enumerable.Range(0, 2).Select(_ => Start(() => Cursor(transformer).ToArray()));
        var running = (engines.ToArray(), cursors.ToArray());

        foreach (float[][] features in await Task.WhenAll(running.Item1))
        {
            Assert.All(features.Select((row, i) => (row, i)), entry => Assert.Equal(alone[entry.i % Rows], entry.row));
        }

        Assert.All(await Task.WhenAll(running.Item2), features => Assert.Equal(batchAlone, features));
    }

    [Fact]
    public void Predictions_leave_no_tensor_behind()
    {
        using var transformer = Fit(TdvEngine.TorchSharp);
        Assert.NotEmpty(Engine(transformer, 2));
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        Assert.Equal(200, Engine(transformer, 200).Count());

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(TdvEngine.OnnxRuntime)]
    [InlineData(TdvEngine.TorchSharp)]
    public async Task Disposing_in_the_middle_is_a_clear_error_in_every_thread(TdvEngine computing)
    {
        var transformer = Fit(computing);
        using var started = new CountdownEvent(Threads);
        var running = Enumerable
            .Range(0, Threads)
            .Select(_ =>
                Start(() =>
                {
                    int rows = 0;
                    return Assert.Throws<ObjectDisposedException>(() =>
                    {
                        foreach (float[] row in Engine(transformer, int.MaxValue))
                        {
                            if (rows++ == 0)
                            {
                                started.Signal();
                            }
                        }
                    });
                })
            )
            .ToArray();
        started.Wait(Stop);

        transformer.Model.Dispose();

        Assert.All(
            await Task.WhenAll(running),
            error => Assert.Contains("OwnsTransformer = false", error.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void An_engine_that_does_not_own_the_transformer_leaves_it_alive()
    {
        using var transformer = Fit();
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        _ml.Model.CreatePredictionEngine<Clips.Pair, Output>(transformer, options).Dispose();
        Assert.Single(Engine(transformer, 1));
    }

    [Fact]
    public void After_disposal_saving_says_what_happened()
    {
        var transformer = Fit();
        transformer.Model.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => _ml.Model.Save(transformer, null, new MemoryStream()));
        Assert.StartsWith("This TdvModel has been disposed.", error.Message, StringComparison.Ordinal);
    }

    private TdvFeaturizingTransformer Fit(TdvEngine engine = TdvEngine.Automatic) =>
        _ml
            .Transforms.TdvFeaturize("Features", "Frame", _model, Options with { Engine = engine })
            .Fit(_ml.Data.LoadFromEnumerable(_pairs));

    private IEnumerable<float[]> Engine(TdvFeaturizingTransformer transformer, int predictions)
    {
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        using var engine = _ml.Model.CreatePredictionEngine<Clips.Pair, Output>(transformer, options);
        for (int i = 0; i < predictions; i++)
        {
            var row = engine.Predict(_pairs[i % Rows]);
            yield return [.. row.Features, .. row.Cls, .. row.Motion];
        }
    }

    private IEnumerable<float[]> Cursor(TdvFeaturizingTransformer transformer) =>
        _ml
            .Data.CreateEnumerable<Output>(
                transformer.Transform(_ml.Data.LoadFromEnumerable(_pairs)),
                reuseRowObject: false
            )
            .Select(row => (float[])[.. row.Features, .. row.Cls, .. row.Motion]);

    private static Task<T> Start<T>(Func<T> work) =>
        Task.Factory.StartNew(work, Stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Output
    {
        public float[] Features { get; set; } = [];

        public float[] Cls { get; set; } = [];

        public float[] Motion { get; set; } = [];
    }
}
