using System.Text;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Video;

/// <summary>
/// What a file's first bytes say before FFmpeg sees it. FFmpeg would follow playlists and lists of parts to other files,
/// whatever the name of the file is: only a video that is whole in itself is read.
/// </summary>
internal static class VideoContents
{
    private const int Head = 1 << 12;

    /// <summary>How formats begin that hold pictures and yet may have no zero byte in their first kilobytes.</summary>
    private static readonly byte[][] NoText = ["GIF8"u8.ToArray(), "YUV4MPEG2"u8.ToArray(), [0x1A, 0x45, 0xDF, 0xA3]];

    /// <summary>How lists of other files begin.</summary>
    private static readonly string[] Lists = ["#EXTM3U", "ffconcat", "# VobSub", "MLVI"];

    /// <summary>What lists of other files hold.</summary>
    private static readonly string[] Parts = ["<MPD", "<CompositionPlaylist", "c=IN IP"];

    /// <summary>Why the file is not read, or null. Only a file with bytes in it is opened.</summary>
    public static string? Fault(string path)
    {
        if (PlainFile.Fault(path) is { } fault)
        {
            return $"{Shown.Name(path)} {fault}.";
        }

        using FileStream file = File.OpenRead(path);
        var head = new byte[Head];
        int read = file.ReadAtLeast(head, Head, throwOnEndOfStream: false);
        return IsList(head.AsSpan(0, read))
            ? $"{Shown.Name(path)} is a text or a list of other files, such as a playlist, and no video. Name the video itself."
            : null;
    }

    /// <summary>Formats of videos have zero bytes early; FFmpeg takes what is before the first one for text.</summary>
    internal static bool IsList(ReadOnlySpan<byte> head)
    {
        int end = head.IndexOf((byte)0);
        string text = Encoding.Latin1.GetString(end < 0 ? head : head[..end]);
        if (
            Lists.Any(list => text.StartsWith(list, StringComparison.OrdinalIgnoreCase))
            || Parts.Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase))
        )
        {
            return true;
        }

        foreach (byte[] format in NoText)
        {
            if (head.StartsWith(format))
            {
                return false;
            }
        }

        return end < 0;
    }
}
