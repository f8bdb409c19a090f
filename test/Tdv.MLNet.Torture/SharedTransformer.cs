using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Pretraining;
using TorchSharp;

namespace Tdv.MLNet.Torture;

/// <summary>One transformer in many hands.</summary>
internal static class SharedTransformer
{
    private const int Threads = 8;
    private const int Rows = 6;
    private static readonly MLContext Ml = new(1);
    private static readonly List<Clips.Pair> Pairs = Clips.Pairs(Rows);

    /// <summary>Eight engines and two cursors, for some seconds: every result equals that of a lone engine or cursor.</summary>
    public static int Compare(int seconds)
    {
        using var transformer = Fit();
        float[][] alone = Enumerable.Range(0, Rows).Select(i => Engine(transformer).Predict(Pairs[i]).All).ToArray();
        float[][] batches = Batches(transformer);
        long tried = 0;
        long lost = 0;
        var end = Stopwatch.StartNew();
        var threads = Enumerable
            .Range(0, Threads + 2)
            .Select(thread => new Thread(() =>
            {
                var engine = Engine(transformer);
                while (end.Elapsed.TotalSeconds < seconds)
                {
                    for (int i = 0; thread < Threads && i < Rows; i++)
                    {
                        Count(engine.Predict(Pairs[i]).All.AsSpan().SequenceEqual(alone[i]));
                    }

                    if (thread >= Threads)
                    {
                        Count(
                            Batches(transformer)
                                .Zip(batches)
                                .All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
                        );
                    }
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return new Outcome("results with 8 engines and 2 cursors", tried, lost).Print();

        void Count(bool equal)
        {
            Interlocked.Increment(ref tried);
            Interlocked.Add(ref lost, equal ? 0 : 1);
        }
    }

    /// <summary>Disposes models while eight threads predict: each thread gets an <see cref="ObjectDisposedException"/>.</summary>
    public static int Dispose(int times)
    {
        long lost = 0;
        for (int time = 0; time < times; time++)
        {
            var transformer = Fit();
            int refused = 0;
            using var started = new CountdownEvent(Threads);
            var threads = Enumerable
                .Range(0, Threads)
                .Select(_ => new Thread(() =>
                {
                    var engine = Engine(transformer);
                    try
                    {
                        engine.Predict(Pairs[0]);
                        started.Signal();
                        while (true)
                        {
                            engine.Predict(Pairs[0]);
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        Interlocked.Increment(ref refused);
                    }
                }))
                .ToList();
            threads.ForEach(thread => thread.Start());
            started.Wait();
            Thread.Sleep(time % 7);
            transformer.Model.Dispose();
            threads.ForEach(thread => thread.Join());
            lost += refused == Threads ? 0 : 1;
        }

        return new Outcome("disposals under 8 predicting threads", times, lost).Print();
    }

    /// <summary>Many predictions: the number of live tensors and, after the first tenth, the resident memory stay.</summary>
    public static int Leak(int predictions)
    {
        const long Tolerance = 48 << 20;
        using var transformer = Fit();
        var engine = Engine(transformer);
        for (int i = 0; i < predictions / 10; i++)
        {
            engine.Predict(Pairs[i % Rows]);
        }

        var (tensors, memory) = (Live(), Resident());
        for (int i = 0; i < predictions; i++)
        {
            engine.Predict(Pairs[i % Rows]);
        }

        var (tensorsAfter, memoryAfter) = (Live(), Resident());
        Console.WriteLine(
            $"leak: {tensors} live tensors before, {tensorsAfter} after; {memory >> 20} MiB resident before, {memoryAfter >> 20} after"
        );
        bool flat = tensors == tensorsAfter && memoryAfter - memory < Tolerance;
        return new Outcome("predictions without a leak", predictions, flat ? 0 : 1).Print();
    }

    private static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

    private static TdvTransformer Fit() =>
        Ml
            .Transforms.TdvFeaturize(
                "Features",
                "Frame",
                TdvModel.Create(TdvPreset.Tiny, 5),
                new TdvFeatureOptions
                {
                    ImageHeight = 32,
                    ImageWidth = 48,
                    BatchSize = 3,
                    MotionColumnName = "Motion",
                }
            )
            .Fit(Ml.Data.LoadFromEnumerable(Pairs));

    private static PredictionEngine<Clips.Pair, Output> Engine(TdvTransformer transformer) =>
        Ml.Model.CreatePredictionEngine<Clips.Pair, Output>(
            transformer,
            new PredictionEngineOptions { OwnsTransformer = false }
        );

    private static float[][] Batches(TdvTransformer transformer) =>
        [
            .. Ml
                .Data.CreateEnumerable<Output>(
                    transformer.Transform(Ml.Data.LoadFromEnumerable(Pairs)),
                    reuseRowObject: false
                )
                .Select(row => row.All),
        ];

    private sealed class Output
    {
        public float[] Features { get; set; } = [];

        public float[] Motion { get; set; } = [];

        [NoColumn]
        public float[] All => [.. Features, .. Motion];
    }
}
