using System.Buffers.Binary;
using SkiaSharp;

namespace Tdv.MLNet.Tests.Imaging;

/// <summary>The picture of <see cref="TurnedJpeg"/> as a PNG with the same note, in either place that it may have.</summary>
internal static class TurnedPng
{
    private const int HeaderEnd = 33;
    private const int EndLength = 12;

    public static void Write(string path, byte orientation, bool atTheEnd = false)
    {
        using var bitmap = TurnedJpeg.Draw();
        File.WriteAllBytes(
            path,
            AddNote(bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray(), orientation, atTheEnd)
        );
    }

    /// <summary>Adds a little-endian note to a PNG.</summary>
    public static byte[] AddNote(byte[] png, byte orientation, bool atTheEnd = false)
    {
        byte[] note =
        [
            .. "eXIf"u8,
            .. "II*\0"u8,
            8,
            0,
            0,
            0,
            2,
            0,
            // Another tag before it: the width of the picture.
            .. (byte[])[0x00, 0x01, 3, 0, 1, 0, 0, 0, 48, 0, 0, 0],
            .. (byte[])[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
            0,
            0,
            0,
            0,
        ];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, note.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Checksum(note));
        int at = atTheEnd ? png.Length - EndLength : HeaderEnd;
        return [.. png[..at], .. length, .. note, .. sum, .. png[at..]];
    }

    /// <summary>PNG specification, annex D.</summary>
    private static uint Checksum(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
            }
        }

        return ~sum;
    }
}
