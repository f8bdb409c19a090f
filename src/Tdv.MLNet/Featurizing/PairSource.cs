using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// An endless, seeded stream of frame pairs from a data view. A background thread reads and shrinks frames ahead of
/// the training; each row is decoded once, and later passes only
/// shuffle.
/// </summary>
internal sealed class PairSource : IDisposable
{
    private const int BatchesAhead = 2;
    private readonly IDataView _view;
    private readonly string _frameColumn;
    private readonly string _previousColumn;
    private readonly int _size;
    private readonly int _seed;
    private readonly BlockingCollection<byte[]> _ahead;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;

    /// <param name="view">Rows with a frame and its predecessor.</param>
    /// <param name="size">Height and width in pixels that frames are resized to.</param>
    /// <param name="batchSize">Pairs that are taken at a time.</param>
    public PairSource(IDataView view, string frameColumn, string previousColumn, int size, int batchSize, int seed)
    {
        _view = view;
        _frameColumn = frameColumn;
        _previousColumn = previousColumn;
        _size = size;
        _seed = seed;
        _ahead = new BlockingCollection<byte[]>(BatchesAhead * batchSize);
        _reader = Task.Factory.StartNew(
            ReadAhead,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private int FrameBytes => _size * _size * FramePixels.Channels;

    /// <summary>The next pairs: all previous frames, then all frames.</summary>
    /// <returns>RGB bytes, <c>[2, count, size, size, 3]</c>.</returns>
    public byte[] Next(int count)
    {
        var batch = new byte[2 * count * FrameBytes];
        for (int i = 0; i < count; i++)
        {
            byte[] pair = Take();
            Buffer.BlockCopy(pair, 0, batch, i * FrameBytes, FrameBytes);
            Buffer.BlockCopy(pair, FrameBytes, batch, (count + i) * FrameBytes, FrameBytes);
        }

        return batch;
    }

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _reader.Wait();
        }
        catch (AggregateException)
        {
            // What went wrong while reading was thrown by Next, if anybody still wanted the data.
        }

        _ahead.Dispose();
        _stop.Dispose();
    }

    private byte[] Take()
    {
        if (_ahead.TryTake(out byte[]? pair, Timeout.Infinite))
        {
            return pair;
        }

        _reader.GetAwaiter().GetResult();
        throw new InvalidOperationException("The data ended.");
    }

    private void ReadAhead()
    {
        try
        {
            foreach (byte[] pair in Pairs())
            {
                _ahead.Add(pair, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody wants more.
        }
        finally
        {
            _ahead.CompleteAdding();
        }
    }

    private IEnumerable<byte[]> Pairs()
    {
        using var cache = new PairCache(2 * FrameBytes);
        bool complete = false;
        for (int pass = 0; ; pass++)
        {
            var order = new Random(SeedOf(_seed, pass));
            if (complete)
            {
                var indices = Enumerable.Range(0, cache.Count).ToArray();
                order.Shuffle(indices);
                foreach (int index in indices)
                {
                    yield return cache.Read(index);
                }

                continue;
            }

            int rows = 0;
            bool fits = pass == 0;
            foreach (byte[] pair in Decode(order))
            {
                rows++;
                fits = fits && cache.TryAdd(pair);
                yield return pair;
            }

            complete = fits;
            if (rows == 0)
            {
                throw new InvalidOperationException(
                    "There are no frame pairs to train on: the data has no rows. Check the paths given to LoadFromVideos "
                        + "and that the videos last longer than the frame interval."
                );
            }
        }
    }

    private IEnumerable<byte[]> Decode(Random order)
    {
        var frameColumn = _view.Schema[_frameColumn];
        var previousColumn = _view.Schema[_previousColumn];
        using var cursor = _view.GetRowCursor([frameColumn, previousColumn], _view.CanShuffle ? order : null);
        var getFrame = cursor.GetGetter<MLImage>(frameColumn);
        var getPrevious = cursor.GetGetter<MLImage>(previousColumn);
        MLImage? frame = null;
        MLImage? previous = null;
        while (cursor.MoveNext())
        {
            getPrevious(ref previous!);
            getFrame(ref frame!);
            if (previous is null || frame is null)
            {
                continue;
            }

            var pair = new byte[2 * FrameBytes];
            FramePixels.Read(previous, pair.AsSpan(0, FrameBytes), _size, _size);
            FramePixels.Read(frame, pair.AsSpan(FrameBytes), _size, _size);
            yield return pair;
        }
    }

    /// <summary>A seed for each pass; unlike <see cref="System.HashCode"/> the same in every process.</summary>
    private static int SeedOf(int seed, int pass) => unchecked((seed * 397) ^ (pass * 7919));
}
