using Microsoft.ML.Data;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Draws pixels of a mask. What is drawn depends on the seed, the row's id and the mask alone, not on the order in
/// which rows come.
/// </summary>
internal sealed class PixelSampler(int classCount, int samplesPerImage, float classBalance, int seed)
{
    private int[] _byClass = [];

    /// <summary>Chooses pixels with a class, without repetition.</summary>
    /// <param name="mask">The keys, one per pixel; 0 is never chosen.</param>
    /// <returns>Pixel indices, ascending.</returns>
    public int[] Draw(ReadOnlySpan<uint> mask, DataViewRowId row)
    {
        var begins = SortByClass(mask);
        int[] counts = [.. begins.Zip(begins.Skip(1), (begin, end) => end - begin)];
        var quotas = Quotas(counts, samplesPerImage, classBalance);
        var random = new Random(Mix(seed, row));
        var drawn = new List<int>(quotas.Sum());
        for (var c = 0; c < classCount; c++)
        {
            Shuffle(_byClass.AsSpan(begins[c], counts[c]), quotas[c], random);
            drawn.AddRange(_byClass.AsSpan(begins[c], quotas[c]));
        }

        drawn.Sort();
        return [.. drawn];
    }

    /// <summary>
    /// Shares <paramref name="total"/> among classes in proportion to count^(1 - balance), never more than a class has;
    /// what a small class cannot take goes to the others.
    /// </summary>
    public static int[] Quotas(int[] counts, int total, float balance)
    {
        if (counts.Sum(n => (long)n) <= total)
        {
            return [.. counts];
        }

        var weights = counts.Select(n => n == 0 ? 0 : Math.Pow(n, 1 - balance)).ToArray();
        var quotas = new int[counts.Length];
        var open = Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0).ToList();
        while (true)
        {
            var perWeight = total / open.Sum(c => weights[c]);
            var full = open.Where(c => weights[c] * perWeight >= counts[c]).ToList();
            foreach (var c in full)
            {
                quotas[c] = counts[c];
                total -= counts[c];
                open.Remove(c);
            }

            if (full.Count == 0)
            {
                RoundShares(open, c => weights[c] * perWeight, total, quotas);
                return quotas;
            }

            if (open.Count == 0)
            {
                return quotas;
            }
        }
    }

    /// <summary>The largest fractions are rounded up, so that the sum is exact.</summary>
    private static void RoundShares(List<int> classes, Func<int, double> share, int total, int[] quotas)
    {
        foreach (var c in classes)
        {
            quotas[c] = (int)share(c);
            total -= quotas[c];
        }

        foreach (var c in classes.OrderByDescending(c => share(c) - quotas[c]).ThenBy(c => c).Take(total))
        {
            quotas[c]++;
        }
    }

    /// <summary>Counting sort of the pixels into <see cref="_byClass"/>; gives each class's begin, and the end.</summary>
    private int[] SortByClass(ReadOnlySpan<uint> mask)
    {
        if (_byClass.Length < mask.Length)
        {
            _byClass = new int[mask.Length];
        }

        var begins = new int[classCount + 1];
        foreach (var key in mask)
        {
            if (key > 0)
            {
                begins[key]++;
            }
        }

        for (var c = 0; c < classCount; c++)
        {
            begins[c + 1] += begins[c];
        }

        var next = begins.AsSpan(0, classCount).ToArray();
        for (var pixel = 0; pixel < mask.Length; pixel++)
        {
            if (mask[pixel] > 0)
            {
                _byClass[next[mask[pixel] - 1]++] = pixel;
            }
        }

        return begins;
    }

    /// <summary>Puts a random choice into the first <paramref name="count"/> places.</summary>
    private static void Shuffle(Span<int> pixels, int count, Random random)
    {
        for (var i = 0; i < count; i++)
        {
            var j = random.Next(i, pixels.Length);
            (pixels[i], pixels[j]) = (pixels[j], pixels[i]);
        }
    }

    // Neighboring ids must not give related draws: the finalizer of SplitMix64.
    private static int Mix(int seed, DataViewRowId row)
    {
        var z = unchecked(((ulong)(uint)seed << 32) ^ row.Low ^ (row.High * 0x9E3779B97F4A7C15UL));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return (int)(z ^ (z >> 31));
    }
}
