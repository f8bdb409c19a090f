using System.Buffers.Binary;

namespace Tdv.MLNet.Masks;

/// <summary>Formats that change values a little to save room, known by what a file holds, not by its name.</summary>
internal static class LossyFormat
{
    private const int WebPHeader = 12;
    private const int ChunkHeader = 8;

    /// <summary>The format's name; null for a file that keeps values.</summary>
    public static string? Of(ReadOnlySpan<byte> file) =>
        file.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "JPEG"
        : file.StartsWith<byte>([0, 0, 0, 12, (byte)'j', (byte)'P']) || file.StartsWith<byte>([0xFF, 0x4F, 0xFF, 0x51])
            ? "JPEG 2000"
        : file.StartsWith<byte>([0xFF, 0x0A]) || file.StartsWith<byte>([0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L'])
            ? "JPEG XL"
        : file.Length > WebPHeader && file[4..].StartsWith("ftypavi"u8) ? "AVIF"
        : file.Length > WebPHeader && file[4..].StartsWith("ftyphei"u8) ? "HEIF"
        : IsLossyWebP(file) ? "lossy WebP"
        : null;

    /// <summary>A file with opacity has its picture, lossy ("VP8 ") or not ("VP8L"), behind other parts.</summary>
    private static bool IsLossyWebP(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("RIFF"u8) || file.Length < WebPHeader || !file[8..].StartsWith("WEBP"u8))
        {
            return false;
        }

        var parts = file[WebPHeader..];
        while (parts.Length >= ChunkHeader)
        {
            if (parts.StartsWith("VP8 "u8))
            {
                return true;
            }

            // Parts have even lengths; one that claims more than there is ends the search.
            long length = ChunkHeader + ((BinaryPrimitives.ReadUInt32LittleEndian(parts[4..]) + 1L) & ~1L);
            if (length > parts.Length)
            {
                return false;
            }

            parts = parts[(int)length..];
        }

        return false;
    }
}
