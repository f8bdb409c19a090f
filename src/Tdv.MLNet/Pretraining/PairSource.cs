using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// An endless, seeded stream of frame pairs from a data view. A background thread reads and shrinks frames ahead of
/// the training.
/// </summary>
internal sealed class PairSource : IDisposable
{
    private const int BatchesAhead = 2;
    private readonly IEnumerator<(byte[] Pixels, DataPosition Position)> _ahead;
    private readonly PairStream _stream;
    private readonly Stopwatch _waited = new();

    /// <param name="view">Rows with a frame and its predecessor.</param>
    /// <param name="size">Height and width in pixels that frames are resized to.</param>
    /// <param name="batchSize">Pairs that are taken at a time.</param>
    /// <param name="start">Where an earlier training stopped; null: at the beginning.</param>
    /// <param name="warn">Is told where decoded pairs cannot be kept.</param>
    /// <param name="cachePath">A file for decoded pairs that outlives the source; null: a temporary one.</param>
    public PairSource(
        IDataView view,
        string frameColumn,
        string previousColumn,
        int size,
        int batchSize,
        int seed,
        DataPosition? start = null,
        string? cachePath = null,
        Action<string>? warn = null
    )
    {
        var decoder = new PairDecoder(view, frameColumn, previousColumn, size);
        _stream = new PairStream(decoder, seed, start, cachePath, warn: warn);
        _ahead = new ReadAhead<(byte[] Pixels, DataPosition Position)>(
            _stream.Read(),
            BatchesAhead * batchSize
        ).GetEnumerator();
        Position = start;
    }

    /// <summary>Where the data stand after the last pair that was taken; null before the first.</summary>
    public DataPosition? Position { get; private set; }

    /// <summary>How long <see cref="Next"/> had to wait for pairs, in all.</summary>
    public TimeSpan Waited => _waited.Elapsed;

    /// <summary>The next pairs: all previous frames, then all frames.</summary>
    /// <returns>RGB bytes, <c>[2, count, size, size, 3]</c>.</returns>
    public byte[] Next(int count) => Join([.. Enumerable.Range(0, count).Select(_ => Take())]);

    /// <summary>Pairs as <see cref="PairDecoder"/> reads them, in the order of a batch.</summary>
    /// <returns>RGB bytes, <c>[2, count, size, size, 3]</c>.</returns>
    public static byte[] Join(byte[][] pairs)
    {
        int frame = pairs[0].Length / 2;
        var batch = new byte[2 * pairs.Length * frame];
        for (int i = 0; i < pairs.Length; i++)
        {
            Buffer.BlockCopy(pairs[i], 0, batch, i * frame, frame);
            Buffer.BlockCopy(pairs[i], frame, batch, (pairs.Length + i) * frame, frame);
        }

        return batch;
    }

    public void Dispose()
    {
        _ahead.Dispose();
        _stream.Dispose();
    }

    private byte[] Take()
    {
        _waited.Start();
        bool found = _ahead.MoveNext();
        _waited.Stop();
        if (!found)
        {
            throw new InvalidOperationException("The data ended.");
        }

        Position = _ahead.Current.Position;
        return _ahead.Current.Pixels;
    }
}
