using Tdv.MLNet.Foundation;
using Tdv.MLNet.Torch;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public sealed class UseCountTests
{
    private int _freed;

    private UseCount Create() => new("Model", "Dispose it last.", () => Interlocked.Increment(ref _freed));

    [Fact]
    public void Without_uses_disposing_frees_at_once_and_only_once()
    {
        var count = Create();
        count.Dispose();
        count.Dispose();
        Assert.Equal(1, _freed);
    }

    [Fact]
    public void A_running_use_delays_freeing_to_its_end()
    {
        var count = Create();
        var first = count.Enter();
        var second = count.Enter();
        count.Dispose();
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, _freed);
        second.Dispose();
        Assert.Equal(1, _freed);
    }

    [Fact]
    public void A_use_after_disposal_is_refused_with_the_remedy()
    {
        var count = Create();
        count.Dispose();
        var exception = Assert.Throws<ObjectDisposedException>(() => count.Enter());
        Assert.StartsWith(
            "This Model has been disposed. Dispose it last.",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("Model", exception.ObjectName);
    }

    [Fact]
    public async Task Of_many_threads_none_finds_it_freed()
    {
        var count = Create();
        int refused = 0;
        int freedInUse = 0;
        var threads = Enumerable
            .Range(0, 8)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        try
                        {
                            while (true)
                            {
                                using var use = count.Enter();
                                Interlocked.Add(ref freedInUse, Volatile.Read(ref _freed));
                            }
                        }
                        catch (ObjectDisposedException)
                        {
                            Interlocked.Increment(ref refused);
                        }
                    },
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        count.Dispose();
        await Task.WhenAll(threads);
        Assert.Equal((8, 0, 1), (refused, freedInUse, _freed));
    }
}
