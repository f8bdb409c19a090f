namespace Tdv.MLNet.Tests.Weights;

/// <summary>Damages files in the ways that find faults in readers. Repeatable: the same seed, the same damage.</summary>
internal sealed class Mutator(int seed, byte[][] samples)
{
    private static readonly long[] Edges =
    [
        0,
        1,
        -1,
        2,
        7,
        8,
        63,
        64,
        127,
        128,
        255,
        256,
        32767,
        65535,
        65536,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        1L << 32,
        1L << 40,
        1L << 61,
        1L << 62,
        long.MaxValue,
        long.MinValue,
        100_000_000,
        1_000_000_000_000,
    ];

    private readonly Random _random = new(seed);

    /// <summary>One of the samples with one to eight changes.</summary>
    public byte[] Next()
    {
        var bytes = samples[_random.Next(samples.Length)].ToList();
        for (var changes = 1 << _random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count);
        var length = Math.Min(1 << _random.Next(7), bytes.Count - at);
        switch (_random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                Overwrite(
                    bytes,
                    at,
                    BitConverter.GetBytes(Edges[_random.Next(Edges.Length)])[..(1 << _random.Next(4))]
                );
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(_random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                var other = samples[_random.Next(samples.Length)];
                var from = _random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(from + length, other.Length)]);
                break;
            case 7:
                var digits = System.Text.Encoding.ASCII.GetBytes($"{Edges[_random.Next(Edges.Length)]}");
                Overwrite(bytes, at, digits);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat(bytes[at], length));
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] replacement)
    {
        for (var i = 0; i < replacement.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = replacement[i];
        }
    }
}
