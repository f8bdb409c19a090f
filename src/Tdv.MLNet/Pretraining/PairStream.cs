using System.Security.Cryptography;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// The endless sequence of pairs that a training takes: a pure function of data and seed, which can begin anywhere. The
/// first pass decodes in shuffled order; where all pairs fit into the cache, later passes shuffle those.
/// </summary>
internal sealed class PairStream(
    PairDecoder decoder,
    int seed,
    DataPosition? start,
    string? cachePath,
    long cacheLimit = PairCache.Limit,
    Action<string>? warn = null
) : IDisposable
{
    /// <summary>Pairs that are decoded again to see whether a cache, or a training that is over, is of the data at hand.</summary>
    private const int Compared = 8;
    private string? _sample = start?.Sample;

    /// <summary>Looks whether the data are those of a training that is over, of which nothing else is read any more.</summary>
    /// <exception cref="InvalidOperationException">They are others.</exception>
    public void RequireSame()
    {
        if (start is null)
        {
            return;
        }

        // An earlier version kept no sample: all that it took is read again.
        int pass = start.Cached || start.Sample is not null ? 0 : start.Pass;
        bool isFirst = start is { Cached: false, Pass: 0 };
        long count =
            start.Sample is null ? start.Known
            : isFirst ? Math.Min(Compared, start.Known)
            : Compared;
        var last = default(DataPosition);
        foreach (var (_, position) in Decode(pass))
        {
            last = position;
            if (position.Taken == count)
            {
                break;
            }
        }

        RequireSame(start.Sample is null ? last!.Fingerprint == start.Fingerprint : last!.Sample == start.Sample);
    }

    private PairCache? _cache;

    /// <summary>Lets go of the cache, also where a thread is still busy with a pair that nobody will take.</summary>
    public void Dispose() => _cache?.Dispose();

    /// <exception cref="InvalidOperationException">No pairs, or others than before a resumption.</exception>
    public IEnumerable<(byte[] Pixels, DataPosition Position)> Read()
    {
        using var cache = new PairCache(decoder.PairBytes, cachePath, cacheLimit, warn);
        _cache = cache;
        int pass = start?.Pass ?? 0;
        long skip = start?.Taken ?? 0;
        string? all = start is { Cached: true } ? start.Fingerprint : null;
        if (all is not null)
        {
            Refill(cache, start!);
        }
        else
        {
            cache.Clear();
        }

        for (; all is null; pass++, skip = 0)
        {
            var last = default(DataPosition);
            bool fits = pass == 0;
            foreach (var pair in Decode(pass))
            {
                fits = fits && cache.TryAdd(pair.Pixels);
                last = pair.Position;
                RequireSame(last.Taken != skip || start is null || last with { Sample = start.Sample } == start);
                if (last.Taken > skip)
                {
                    yield return pair;
                }
            }

            RequireSame(last?.Taken >= skip);
            if (fits)
            {
                all = last!.Fingerprint;
            }
            else
            {
                cache.Clear();
            }
        }

        for (; ; pass++, skip = 0)
        {
            int[] order = Shuffled(cache.Count, pass);
            for (long taken = skip; taken < order.Length; taken++)
            {
                var position = new DataPosition(pass, taken + 1, Cached: true, order.Length, all) { Sample = _sample };
                yield return (cache.Read(order[taken]), position);
            }
        }
    }

    private IEnumerable<(byte[] Pixels, DataPosition Position)> Decode(int pass)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long taken = 0;
        foreach (byte[] pixels in decoder.Read(SeedOf(seed, pass)))
        {
            AmbientStop.Check();
            taken++;
            hash.AppendData(pixels);
            string fingerprint = Convert.ToHexString(hash.GetCurrentHash());
            if (pass == 0 && taken <= Compared)
            {
                _sample = fingerprint;
            }

            yield return (
                pixels,
                new DataPosition(pass, taken, Cached: false, taken, fingerprint) { Sample = _sample }
            );
        }

        if (taken == 0)
        {
            throw new InvalidOperationException(
                "There are no frame pairs to train on: the data has no rows. Check the paths given to LoadFromVideos "
                    + "and that the videos last longer than the frame interval."
            );
        }
    }

    /// <summary>Fills the cache with the first pass as it was: from the file if it is whole, else by decoding again.</summary>
    private void Refill(PairCache cache, DataPosition known)
    {
        if (cache.TryReuse(known.Known, known.Fingerprint))
        {
            int index = 0;
            foreach (byte[] pixels in decoder.Read(SeedOf(seed, 0)).Take(Compared))
            {
                RequireSame(index < cache.Count && pixels.AsSpan().SequenceEqual(cache.Read(index)));
                index++;
            }

            RequireSame(index == Math.Min(Compared, cache.Count));
            return;
        }

        var last = default(DataPosition);
        foreach (var pair in Decode(0))
        {
            last = pair.Position;
            if (!cache.TryAdd(pair.Pixels))
            {
                throw new IOException(
                    $"The training kept its {known.Known} frame pairs on disk, which need "
                        + $"{known.Known * decoder.PairBytes >> 20} MiB and as much again to spare. Free some space."
                );
            }
        }

        RequireSame(last!.Known == known.Known && last.Fingerprint == known.Fingerprint);
    }

    private void RequireSame(bool same)
    {
        if (!same)
        {
            throw new InvalidOperationException(
                $"The data are not those that this training began with: their first {start!.Known} frame pairs differ. "
                    + "Give it the same videos, unchanged and read in the same way, or begin anew with another "
                    + $"{nameof(TdvOptions.CheckpointDirectory)}."
            );
        }
    }

    private int[] Shuffled(int count, int pass)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(SeedOf(seed, pass)).Shuffle(order);
        return order;
    }

    /// <summary>A seed for each pass; unlike <see cref="System.HashCode"/> the same in every process.</summary>
    public static int SeedOf(int seed, int pass) => unchecked((seed * 397) ^ (pass * 7919));
}
