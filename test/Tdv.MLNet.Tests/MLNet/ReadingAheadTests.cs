using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;
using Xunit;

namespace Tdv.MLNet.Tests.MLNet;

public sealed class ReadingAheadTests
{
    private const int Batch = 4;
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Whoever_takes_one_batch_reads_no_more()
    {
        int read = 0;
        var (view, mapper) = Batched(Rows(100, i => read = i + 1));

        Assert.Equal([0f, 2f, 4f, 6f], _ml.Data.TakeRows(view, Batch).GetColumn<float>("Twice"));

        Assert.Equal(Batch, read);
        Assert.Equal([Batch], mapper.Computed);
    }

    [Fact]
    public void The_batch_after_the_second_is_read_while_that_is_served()
    {
        using var third = new ManualResetEventSlim();
        var (view, _) = Batched(
            Rows(
                100,
                i =>
                {
                    if (i == (3 * Batch) - 1)
                    {
                        third.Set();
                    }
                }
            )
        );
        using var cursor = view.GetRowCursor(view.Schema);
        for (int i = 0; i <= Batch; i++)
        {
            Assert.True(cursor.MoveNext());
        }

        Assert.True(third.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_input_is_used_by_one_thread_at_a_time()
    {
        int inside = 0;
        bool shared = false;
        var (view, mapper) = Batched(
            Rows(
                200,
                _ =>
                {
                    shared |= Interlocked.Increment(ref inside) > 1;
                    Thread.Yield();
                    Interlocked.Decrement(ref inside);
                }
            )
        );

        Assert.Equal(Enumerable.Range(0, 200).Select(i => 2f * i), view.GetColumn<float>("Twice"));

        Assert.False(shared);
        Assert.Equal(200, mapper.Computed.Sum());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Batch + 1)]
    [InlineData((2 * Batch) + 1)]
    [InlineData((5 * Batch) + 1)]
    public void An_error_reaches_whoever_wants_the_batch_it_is_in(int bad)
    {
        var (view, _) = Batched(
            Rows(100, i => _ = i == bad ? throw new InvalidDataException("That row is damaged.") : 0)
        );
        var seen = new List<float>();

        var error = Assert.Throws<InvalidDataException>(() => seen.AddRange(view.GetColumn<float>("Twice")));

        Assert.Equal("That row is damaged.", error.Message);
        using var cursor = view.GetRowCursor(view.Schema);
        int rows = 0;
        Assert.Throws<InvalidDataException>(() =>
        {
            while (cursor.MoveNext())
            {
                rows++;
            }
        });
        Assert.Equal(bad / Batch * Batch, rows);
    }

    [Fact]
    public void Disposal_waits_for_what_is_being_read()
    {
        using var begun = new ManualResetEventSlim();
        bool done = false;
        var (view, _) = Batched(
            Rows(
                100,
                i =>
                {
                    if (i == 2 * Batch)
                    {
                        begun.Set();
                        Thread.Sleep(200);
                        done = true;
                        throw new InvalidDataException("Nobody asked for this row.");
                    }
                }
            )
        );
        var cursor = view.GetRowCursor(view.Schema);
        for (int i = 0; i <= Batch; i++)
        {
            Assert.True(cursor.MoveNext());
        }

        Assert.True(begun.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        cursor.Dispose();

        Assert.True(done);
    }

    private (BatchedDataView View, CountingMapper Mapper) Batched(IEnumerable<Row> rows)
    {
        var source = _ml.Data.LoadFromEnumerable(rows);
        var mapper = new CountingMapper(source.Schema, Batch);
        return (new BatchedDataView(source, mapper), mapper);
    }

    private static IEnumerable<Row> Rows(int count, Action<int> beforeEach)
    {
        for (int i = 0; i < count; i++)
        {
            beforeEach(i);
            yield return new Row { X = i };
        }
    }

    private sealed class Row
    {
        public float X { get; set; }
    }
}
