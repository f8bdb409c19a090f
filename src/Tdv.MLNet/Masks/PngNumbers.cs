using System.Buffers.Binary;

namespace Tdv.MLNet.Masks;

/// <summary>
/// The numbers that a PNG stores where every decoder gives colors instead: places in a palette, and gray values of one,
/// two or four bits, which decoders stretch to 0 to 255. Another palette, in which color i is the gray i, is put into the
/// file, so that decoding gives the numbers themselves.
/// </summary>
internal sealed class PngNumbers
{
    private const byte Gray = 0;
    private const byte Palette = 3;
    private const int SignatureLength = 8;
    private const int HeaderLength = 13;
    private const int DepthAt = 8;
    private const int KindAt = 9;
    private const int ChunkFrame = 12;

    private PngNumbers(byte[] file, uint[]? palette)
    {
        File = file;
        Colors = palette;
    }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The file to decode: gray, in three equal channels.</summary>
    public byte[] File { get; }

    /// <summary>The palette, 0xRRGGBB for each number; null for gray pictures.</summary>
    public uint[]? Colors { get; }

    /// <summary>Null for a file whose numbers a decoder gives as they are, or that is no PNG.</summary>
    public static PngNumbers? Of(byte[] file)
    {
        const int header = SignatureLength + ChunkFrame + HeaderLength;
        if (file.Length < header || !file.AsSpan().StartsWith(Signature))
        {
            return null;
        }

        var (depth, kind) = (file[SignatureLength + 8 + DepthAt], file[SignatureLength + 8 + KindAt]);
        if (kind != Palette && !(kind == Gray && depth < 8))
        {
            return null;
        }

        var result = new MemoryStream(file.Length + (3 * 256));
        result.Write(Signature);
        byte[] fields = file[(SignatureLength + 8)..(SignatureLength + 8 + HeaderLength)];
        fields[KindAt] = Palette;
        Write(result, "IHDR"u8, fields);
        byte[] ramp =
        [
            .. Enumerable.Range(0, 1 << Math.Min((int)depth, 8)).SelectMany(i => Enumerable.Repeat((byte)i, 3)),
        ];
        Write(result, "PLTE"u8, ramp);
        return new PngNumbers(
            [.. result.ToArray(), .. Rest(file, header, out uint[]? palette)],
            kind == Palette ? palette ?? [] : null
        );
    }

    /// <summary>Whether a PNG's last part is missing.</summary>
    public static bool EndsEarly(byte[] file)
    {
        if (!file.AsSpan().StartsWith(Signature))
        {
            return false;
        }

        for (long at = SignatureLength; file.Length - at >= ChunkFrame; )
        {
            var chunk = file.AsSpan((int)at);
            if (chunk[4..].StartsWith("IEND"u8))
            {
                return false;
            }

            at += BinaryPrimitives.ReadUInt32BigEndian(chunk) + (long)ChunkFrame;
        }

        return true;
    }

    /// <summary>Everything after the header but palette and opacity, as it is: damage is left for the decoder to find.</summary>
    private static byte[] Rest(byte[] file, int start, out uint[]? palette)
    {
        var rest = new MemoryStream(file.Length);
        palette = null;
        int at = start;
        while (file.Length - at >= ChunkFrame)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - ChunkFrame)
            {
                break;
            }

            var name = file.AsSpan(at + 4, 4);
            if (name.SequenceEqual("PLTE"u8))
            {
                palette = ToColors(file.AsSpan(at + 8, (int)length));
            }
            else if (!name.SequenceEqual("tRNS"u8))
            {
                rest.Write(file, at, (int)length + ChunkFrame);
            }

            at += (int)length + ChunkFrame;
        }

        rest.Write(file, at, file.Length - at);
        return rest.ToArray();
    }

    private static uint[] ToColors(ReadOnlySpan<byte> bytes)
    {
        var colors = new uint[Math.Min(bytes.Length / 3, 256)];
        for (int i = 0; i < colors.Length; i++)
        {
            colors[i] = (uint)((bytes[3 * i] << 16) | (bytes[(3 * i) + 1] << 8) | bytes[(3 * i) + 2]);
        }

        return colors;
    }

    private static void Write(Stream stream, ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        byte[] checkedPart = [.. name, .. content];
        stream.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(checkedPart));
        stream.Write(number);
    }

    /// <summary>PNG specification, annex D.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ (0xEDB88320 & (uint)-(int)(sum & 1));
            }
        }

        return ~sum;
    }
}
