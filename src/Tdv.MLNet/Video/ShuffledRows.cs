namespace Tdv.MLNet.Video;

/// <summary>
/// One pass over all videos in random order, within bounded memory: a few videos are read side by side, each from a
/// random start, and their rows pass through a pool from which a random one leaves. The first rows do not wait until
/// the pool is full. The order depends on nothing but the videos and the random numbers.
/// </summary>
internal sealed class ShuffledRows(int videoCount, VideoReader reader, double longestPhase, Random random)
{
    private const int OpenVideos = 4;
    private const int FirstRows = 32;
    private const int PoolRows = 256;
    private const long PoolBytes = 512L << 20;

    public IEnumerable<VideoRow> Read()
    {
        using IEnumerator<VideoRow> source = Interleave().GetEnumerator();
        var pool = new List<VideoRow>();
        long bytes = 0;
        bool more = true;
        while (true)
        {
            for (int drawn = 0; more && CanDraw(pool.Count, bytes, drawn); drawn++)
            {
                more = source.MoveNext();
                if (more)
                {
                    pool.Add(source.Current);
                    bytes += source.Current.Bytes;
                }
            }
            if (pool.Count == 0)
            {
                yield break;
            }
            VideoRow row = TakeAny(pool);
            bytes -= row.Bytes;
            yield return row;
        }
    }

    /// <summary>Two rows enter for one that leaves until the pool is full.</summary>
    private static bool CanDraw(int rows, long bytes, int drawn) =>
        rows == 0 || (rows < PoolRows && bytes < PoolBytes && (rows < FirstRows || drawn < 2));

    private VideoRow TakeAny(List<VideoRow> pool)
    {
        int index = random.Next(pool.Count);
        VideoRow row = pool[index];
        pool[index] = pool[^1];
        pool.RemoveAt(pool.Count - 1);
        return row;
    }

    private IEnumerable<VideoRow> Interleave()
    {
        int[] order = [.. Enumerable.Range(0, videoCount)];
        random.Shuffle(order);
        int next = 0;
        var open = new List<IEnumerator<VideoRow>>(OpenVideos);
        try
        {
            while (true)
            {
                while (open.Count < OpenVideos && next < order.Length)
                {
                    open.Add(reader.Read(order[next++], random.NextDouble() * longestPhase).GetEnumerator());
                }
                if (open.Count == 0)
                {
                    yield break;
                }
                int index = random.Next(open.Count);
                if (open[index].MoveNext())
                {
                    yield return open[index].Current;
                }
                else
                {
                    open[index].Dispose();
                    open.RemoveAt(index);
                }
            }
        }
        finally
        {
            open.ForEach(rows => rows.Dispose());
        }
    }
}
