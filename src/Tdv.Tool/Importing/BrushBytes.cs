using Tdv.MLNet.Imaging;

namespace Tdv.Tool.Importing;

/// <summary>
/// What Label Studio's brush leaves: red, green, blue and opacity of each pixel, packed by the run-length code of
/// <c>@thi.ng/rle-pack</c>: the number of values (32 bits), bits of a value (5), bits of the four kinds of lengths (4 each);
/// then runs of one value, or values one by one.
/// </summary>
internal ref struct BrushBytes
{
    private const int Channels = 4;
    private readonly ReadOnlySpan<byte> _bytes;
    private long _bit;

    private BrushBytes(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether each pixel is painted: its opacity is not 0.</summary>
    /// <exception cref="FormatException">The bytes are damaged, or of another number of pixels.</exception>
    public static bool[] Unpack(ReadOnlySpan<byte> bytes, int height, int width)
    {
        long pixels = (long)height * width;
        if (height < 1 || width < 1 || pixels > PictureHeader.MaxPixels / Channels)
        {
            throw new FormatException($"a brush claims {width}×{height} pixels");
        }

        var reader = new BrushBytes(bytes);
        long count = reader.Read(32);
        if (count != pixels * Channels)
        {
            throw new FormatException(
                $"a brush holds {count} values, but {width}×{height} pixels have {pixels * Channels}"
            );
        }

        int word = (int)reader.Read(5) + 1;
        int[] lengths = [.. new int[4]];
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = (int)reader.Read(4) + 1;
        }

        var painted = new bool[pixels];
        for (long at = 0; at < count; )
        {
            bool isRun = reader.Read(1) == 1;
            long end = Math.Min(count, at + 1 + reader.Read(lengths[reader.Read(2)]));
            long value = isRun ? reader.Read(word) : 0;
            for (; at < end; at++)
            {
                value = isRun ? value : reader.Read(word);
                painted[at / Channels] |= at % Channels == Channels - 1 && value != 0;
            }
        }

        return painted;
    }

    private long Read(int bits)
    {
        if (_bit + bits > _bytes.Length * 8L)
        {
            throw new FormatException("the bytes of a brush end too early");
        }

        long value = 0;
        for (int i = 0; i < bits; i++, _bit++)
        {
            value = (value << 1) | (uint)((_bytes[(int)(_bit / 8)] >> (7 - (int)(_bit % 8))) & 1);
        }

        return value;
    }
}
