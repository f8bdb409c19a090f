using Tdv.MLNet.Foundation;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public class ReadAheadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Items_keep_their_order() =>
        Assert.Equal(Enumerable.Range(0, 1000), new ReadAhead<int>(Enumerable.Range(0, 1000), 3));

    [Fact]
    public void The_source_runs_on_another_thread_while_an_item_is_used()
    {
        using var wanted = new SemaphoreSlim(0);
        var threads = new List<int>();
        using var items = new ReadAhead<int>(Source(), 2).GetEnumerator();

        Assert.True(items.MoveNext());
        Assert.True(wanted.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);

        IEnumerable<int> Source()
        {
            threads.Add(Environment.CurrentManagedThreadId);
            yield return 1;
            wanted.Release();
            yield return 2;
        }
    }

    [Fact]
    public void No_more_than_the_capacity_waits()
    {
        int made = 0;
        int used = 0;
        int most = 0;
        foreach (int item in new ReadAhead<int>(Source(), 3))
        {
            used = item;
        }

        Assert.Equal(500, used);
        // The one in use, the three that wait, and the one that waits to be added.
        Assert.InRange(most, 1, 5);

        IEnumerable<int> Source()
        {
            while (made < 500)
            {
                most = Math.Max(most, made + 1 - Volatile.Read(ref used));
                yield return ++made;
            }
        }
    }

    [Fact]
    public void The_sources_exception_follows_the_items_before_it()
    {
        var taken = new List<int>();

        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (int item in new ReadAhead<int>(Source(), 4))
            {
                taken.Add(item);
            }
        });

        Assert.Equal("broken", error.Message);
        Assert.Contains(nameof(Source), error.StackTrace, StringComparison.Ordinal);
        Assert.Equal([1, 2], taken);

        static IEnumerable<int> Source()
        {
            yield return 1;
            yield return 2;
            throw new InvalidDataException("broken");
        }
    }

    [Fact]
    public void Disposing_stops_the_source_and_disposes_of_what_is_left()
    {
        var made = new List<Item>();
        bool ended = false;
        var items = new ReadAhead<Item>(Source(), 2).GetEnumerator();
        Assert.True(items.MoveNext());
        var taken = items.Current;

        items.Dispose();

        Assert.True(ended);
        Assert.False(taken.Disposed);
        Assert.All(made.Skip(1), item => Assert.True(item.Disposed));
        Assert.Throws<ObjectDisposedException>(() => items.MoveNext());
        items.Dispose();

        IEnumerable<Item> Source()
        {
            try
            {
                while (true)
                {
                    made.Add(new Item());
                    yield return made[^1];
                }
            }
            finally
            {
                ended = true;
            }
        }
    }

    private sealed class Item : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
