using System.Text;

namespace Tdv.MLNet.Video;

/// <summary>The name of a video's codec where FFmpeg, which cannot decode it, says none.</summary>
internal static class VideoCodec
{
    private const int Head = 1 << 16;
    private const int FourLetters = 4;

    /// <summary>As the container has it, such as <c>av01</c> (MP4, AVI) or <c>V_AV1</c> (Matroska, WebM), or null.</summary>
    public static string? Find(string path)
    {
        if (VideoTrack.Find(path)?.Codec is { } codec)
        {
            return codec;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            var head = new byte[Head];
            return Find(head.AsSpan(0, file.ReadAtLeast(head, Head, throwOnEndOfStream: false)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Find(ReadOnlySpan<byte> head)
    {
        // AVI: the header of the stream of pictures, and in it who wrote them.
        if (head.StartsWith("RIFF"u8) && head.IndexOf("strh"u8) is var header and >= 0)
        {
            int letters = header + 12;
            return head.Length >= letters + FourLetters && head[(header + 8)..].StartsWith("vids"u8)
                ? Text(head.Slice(letters, FourLetters))
                : null;
        }

        // Matroska: the element CodecID, a length of one byte, the name.
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) && head.IndexOf("V_"u8) is var name and > 1)
        {
            int length = head[name - 1] & 0x7F;
            // Some write the length in eight bytes.
            length =
                length == 0 || length > head.Length - name
                    ? head[name..].IndexOfAnyExceptInRange((byte)' ', (byte)'~')
                    : length;
            return length > 0 ? Text(head.Slice(name, length)) : null;
        }

        return null;
    }

    private static string? Text(ReadOnlySpan<byte> letters) =>
        letters.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0 ? Encoding.ASCII.GetString(letters).Trim() : null;
}
