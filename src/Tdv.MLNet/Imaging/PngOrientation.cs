using System.Buffers.Binary;
using SkiaSharp;

namespace Tdv.MLNet.Imaging;

/// <summary>The note on orientation in a PNG (chunk eXIf, PNG specification, third edition, 11.3.4.4), which Skia overlooks.</summary>
internal static class PngOrientation
{
    private const int SignatureLength = 8;
    private const int ChunkHeader = 8;
    private const int Checksum = 4;

    /// <summary>A note holds the camera's settings, and perhaps a small picture.</summary>
    private const int MostBytes = 1 << 20;
    private const int MostChunks = 1 << 20;
    private const int EntryLength = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Default where the file says nothing, or is no PNG or damaged: that is found, and said, when it is decoded.</summary>
    /// <param name="file">Seekable.</param>
    public static SKEncodedOrigin Of(Stream file)
    {
        var header = new byte[ChunkHeader];
        if (
            file.ReadAtLeast(header, SignatureLength, false) < SignatureLength
            || !header.AsSpan().SequenceEqual(Signature)
        )
        {
            return SKEncodedOrigin.Default;
        }

        for (int chunk = 0; chunk < MostChunks; chunk++)
        {
            if (file.ReadAtLeast(header, ChunkHeader, throwOnEndOfStream: false) < ChunkHeader)
            {
                break;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (header.AsSpan(4).SequenceEqual("eXIf"u8))
            {
                var note = new byte[Math.Min(length, MostBytes)];
                int read = file.ReadAtLeast(note, note.Length, throwOnEndOfStream: false);
                return OfExif(note.AsSpan(0, read));
            }

            if (length > file.Length - file.Position - Checksum)
            {
                break;
            }

            file.Position += length + Checksum;
        }

        return SKEncodedOrigin.Default;
    }

    /// <summary>The tag 0x0112 in the first directory of a note in the form of TIFF.</summary>
    internal static SKEncodedOrigin OfExif(ReadOnlySpan<byte> note)
    {
        bool little = note.StartsWith("II*\0"u8);
        if (note.Length < 8 || (!little && !note.StartsWith("MM\0*"u8)))
        {
            return SKEncodedOrigin.Default;
        }

        uint directory = little
            ? BinaryPrimitives.ReadUInt32LittleEndian(note[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(note[4..]);
        if (directory > note.Length - sizeof(ushort))
        {
            return SKEncodedOrigin.Default;
        }

        var entries = note[(int)directory..];
        int count = Short(entries);
        entries = entries[sizeof(ushort)..];
        for (; count > 0 && entries.Length >= EntryLength; count--, entries = entries[EntryLength..])
        {
            if (Short(entries) == OrientationTag && Short(entries[2..]) == ShortType)
            {
                int value = Short(entries[8..]);
                return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.Default;
            }
        }

        return SKEncodedOrigin.Default;

        int Short(ReadOnlySpan<byte> at) =>
            little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
    }
}
