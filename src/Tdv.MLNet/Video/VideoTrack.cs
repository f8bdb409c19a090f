using System.Buffers.Binary;
using System.Text;

namespace Tdv.MLNet.Video;

/// <summary>What an MP4 or QuickTime file says of its picture track, beyond what FFmpeg passes on.</summary>
/// <param name="Seconds">That are shown, by the edit list where there is one; null: not said.</param>
/// <param name="Codec">Four letters; null: not said.</param>
internal sealed record VideoTrack(double? Seconds, string? Codec)
{
    private const int MostBoxes = 10_000;
    private const int Header = 8;
    private const long LargestTable = 1 << 24;

    /// <summary>The first picture track, or null where there is none or the file is of another kind or damaged.</summary>
    public static VideoTrack? Find(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (Child(file, (0, file.Length), "moov") is not { } movie)
            {
                return null;
            }

            uint scale = Child(file, movie, "mvhd") is { } header ? TimeScale(file, header) : 0;
            foreach ((string name, (long Start, long End) box) in Boxes(file, movie))
            {
                if (
                    name == "trak"
                    && Child(file, box, "mdia") is { } media
                    && Child(file, media, "hdlr") is { } handler
                    && Text(file, handler.Start + 8) == "vide"
                )
                {
                    return new VideoTrack(Duration(file, box, media, scale), CodecOf(file, media));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What cannot be read says nothing.
        }

        return null;
    }

    private static double? Duration(FileStream file, (long, long) track, (long, long) media, uint movieScale)
    {
        if (Child(file, track, "edts") is { } edits && Child(file, edits, "elst") is { } list && movieScale > 0)
        {
            double seconds = Shown(file, list) / movieScale;
            return seconds > 0 ? seconds : null;
        }

        if (Child(file, media, "mdhd") is not { } header)
        {
            return null;
        }

        byte[] bytes = Read(file, header.Start, 32);
        bool isLong = bytes[0] == 1;
        double length = isLong
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(24))
            : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(16));
        uint scale = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(isLong ? 20 : 12));
        return scale > 0 && length > 0 ? length / scale : null;
    }

    /// <summary>The sum of all segments that show something.</summary>
    private static double Shown(FileStream file, (long Start, long End) list)
    {
        byte[] bytes = Read(file, list.Start, (int)Math.Min(list.End - list.Start, LargestTable));
        bool isLong = bytes[0] == 1;
        int entry = isLong ? 20 : 12;
        double sum = 0;
        for (int at = Header; at + entry <= bytes.Length; at += entry)
        {
            ReadOnlySpan<byte> row = bytes.AsSpan(at, entry);
            double length = isLong
                ? BinaryPrimitives.ReadUInt64BigEndian(row)
                : BinaryPrimitives.ReadUInt32BigEndian(row);
            long begin = isLong
                ? BinaryPrimitives.ReadInt64BigEndian(row[8..])
                : BinaryPrimitives.ReadInt32BigEndian(row[4..]);
            // -1 is a pause before the video begins.
            sum += begin < 0 ? 0 : length;
        }

        return sum;
    }

    private static string? CodecOf(FileStream file, (long, long) media) =>
        Child(file, media, "minf") is { } information
        && Child(file, information, "stbl") is { } table
        && Child(file, table, "stsd") is { } description
            ? Text(file, description.Start + 12)
            : null;

    private static uint TimeScale(FileStream file, (long Start, long End) header)
    {
        byte[] bytes = Read(file, header.Start, 24);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes[0] == 1 ? 20 : 12));
    }

    private static (long Start, long End)? Child(FileStream file, (long, long) parent, string name) =>
        Boxes(file, parent).Where(box => box.Name == name).Select(box => ((long, long)?)box.Content).FirstOrDefault();

    private static IEnumerable<(string Name, (long Start, long End) Content)> Boxes(
        FileStream file,
        (long Start, long End) parent
    )
    {
        long at = parent.Start;
        for (int boxes = 0; boxes < MostBoxes && at + Header <= parent.End; boxes++)
        {
            byte[] bytes = Read(file, at, 16);
            ulong size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            string name = Encoding.Latin1.GetString(bytes, 4, 4);
            int header = size == 1 ? 16 : Header;
            size = size switch
            {
                0 => (ulong)(parent.End - at),
                1 => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)),
                _ => size,
            };
            if (size < (ulong)header || size > (ulong)(parent.End - at))
            {
                yield break;
            }

            yield return (name, (at + header, at + (long)size));
            at += (long)size;
        }
    }

    private static string Text(FileStream file, long at) => Encoding.Latin1.GetString(Read(file, at, 4));

    /// <summary>Zeros where the file has ended.</summary>
    private static byte[] Read(FileStream file, long at, int count)
    {
        var bytes = new byte[count];
        file.Position = at;
        _ = file.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return bytes;
    }
}
