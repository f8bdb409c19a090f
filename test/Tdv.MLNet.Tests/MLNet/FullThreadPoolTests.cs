using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;
using Xunit;

namespace Tdv.MLNet.Tests.MLNet;

/// <summary>Alone: it leaves no thread of the pool to others.</summary>
[CollectionDefinition(nameof(FullThreadPoolTests), DisableParallelization = true)]
[Collection(nameof(FullThreadPoolTests))]
public sealed class FullThreadPoolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly int Threads = Environment.ProcessorCount;
    private readonly ManualResetEventSlim _release = new();
    private readonly (int Workers, int Completions) _least;
    private readonly (int Workers, int Completions) _most;

    public FullThreadPoolTests()
    {
        ThreadPool.GetMinThreads(out _least.Workers, out _least.Completions);
        ThreadPool.GetMaxThreads(out _most.Workers, out _most.Completions);
        Assert.True(ThreadPool.SetMinThreads(1, _least.Completions));
        Assert.True(ThreadPool.SetMaxThreads(Threads, _most.Completions));
        var occupied = new CountdownEvent(Threads);
        for (int i = 0; i < Threads; i++)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                occupied.Signal();
                _release.Wait();
            });
        }

        // The runner may hold some of them, for as long as it likes.
        occupied.Wait(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Cursors_read_ahead_where_the_thread_pool_has_no_thread_to_spare()
    {
        var ml = new MLContext(1);
        float[][] read = new float[4][];
        Thread[] readers =
        [
            .. Enumerable
                .Range(0, read.Length)
                .Select(reader => new Thread(() => read[reader] = Read(ml)) { IsBackground = true }),
        ];

        Array.ForEach(readers, reader => reader.Start());

        Assert.All(readers, reader => Assert.True(reader.Join(Patience), "A cursor waits for the thread pool."));
        Assert.All(read, values => Assert.Equal(Enumerable.Range(0, 100).Select(i => 2f * i), values));
    }

    public void Dispose()
    {
        _release.Set();
        ThreadPool.SetMaxThreads(_most.Workers, _most.Completions);
        ThreadPool.SetMinThreads(_least.Workers, _least.Completions);
    }

    private static float[] Read(MLContext ml)
    {
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { X = i }));
        return [.. new BatchedDataView(rows, new CountingMapper(rows.Schema, batchSize: 8)).GetColumn<float>("Twice")];
    }

    private sealed class Row
    {
        public float X { get; set; }
    }
}
