using System.Runtime.InteropServices;
using System.Text;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Weights;

/// <summary>
/// The table of contents of a zip archive, validated: where each entry's data lie, so that they can be read in place. The
/// runtime's own reader, as fast, does not tell. Knows zip64.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int EntryLength = 46;
    private const int MaxLength = 1 << 26;

    private readonly MappedBytes _file;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    private ZipDirectory(MappedBytes file) => _file = file;

    /// <exception cref="InvalidDataException">The archive is damaged or cut short.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(MappedBytes file)
    {
        var directory = new ZipDirectory(file);
        directory.ReadEntries(directory.Locate());
        return directory._entries;
    }

    private ReadOnlySpan<byte> Locate()
    {
        // The end record is followed by a comment of at most 65,535 bytes.
        int tailLength = (int)Math.Min(_file.Length, EndLength + ushort.MaxValue);
        long tailStart = _file.Length - tailLength;
        var tail = Bytes(tailStart, tailLength);
        int at = tail.LastIndexOf("PK\u0005\u0006"u8);
        Expect(at >= 0 && at + EndLength <= tailLength, "its table of contents is missing");
        var (length, offset) = ((long)Number<uint>(tail, at + 12), (long)Number<uint>(tail, at + 16));
        if (length == uint.MaxValue || offset == uint.MaxValue)
        {
            var pointer = Bytes(tailStart + at - 20, 20);
            Expect(pointer.StartsWith("PK\u0006\u0007"u8), "the pointer to its table of contents is missing");
            var end = Bytes(Number<long>(pointer, 8), 56);
            Expect(end.StartsWith("PK\u0006\u0006"u8), "the end of its table of contents is missing");
            (length, offset) = (Number<long>(end, 40), Number<long>(end, 48));
        }

        return Bytes(offset, length);
    }

    private void ReadEntries(ReadOnlySpan<byte> table)
    {
        while (table.Length > 0)
        {
            Expect(
                table.Length >= EntryLength && table.StartsWith("PK\u0001\u0002"u8),
                "its table of contents is not readable"
            );
            var (name, extra) = (Number<ushort>(table, 28), Number<ushort>(table, 30));
            int length = EntryLength + name + extra + Number<ushort>(table, 32);
            Expect(table.Length >= length, "its table of contents is cut short");
            ReadEntry(
                table,
                Encoding.UTF8.GetString(table.Slice(EntryLength, name)),
                Sizes64(table.Slice(EntryLength + name, extra))
            );
            table = table[length..];
        }
    }

    private void ReadEntry(ReadOnlySpan<byte> entry, string name, ReadOnlySpan<byte> sizes64)
    {
        // The 64-bit sizes stand for those fields, in this order, that do not fit 32 bits.
        long full = Size(entry, 24, ref sizes64, name);
        long packed = Size(entry, 20, ref sizes64, name);
        long local = Size(entry, 42, ref sizes64, name);
        var header = Bytes(local, 30);
        Expect(header.StartsWith("PK\u0003\u0004"u8), $"entry '{name}' is not where its table of contents says");
        long data = local + 30 + Number<ushort>(header, 26) + Number<ushort>(header, 28);
        Expect(packed <= _file.Length - data, $"entry '{name}' is cut short");
        bool encrypted = (Number<ushort>(entry, 8) & 1) != 0;
        bool stored = !encrypted && Number<ushort>(entry, 10) == 0 && packed == full;
        Expect(_entries.TryAdd(name, new ZipEntry(data, packed, stored)), $"entry '{name}' is listed twice");
    }

    private static ReadOnlySpan<byte> Sizes64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = Math.Min(Number<ushort>(extra, 2), extra.Length - 4);
            if (Number<ushort>(extra, 0) == 1)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return default;
    }

    private long Size(ReadOnlySpan<byte> entry, int at, ref ReadOnlySpan<byte> sizes64, string name)
    {
        long size = Number<uint>(entry, at);
        if (size == uint.MaxValue)
        {
            Expect(sizes64.Length >= sizeof(long), $"the size of entry '{name}' is missing");
            size = Number<long>(sizes64, 0);
            sizes64 = sizes64[sizeof(long)..];
            Expect(size >= 0 && size <= _file.Length, $"entry '{name}' is cut short");
        }

        return size;
    }

    private ReadOnlySpan<byte> Bytes(long offset, long length)
    {
        Expect(
            offset >= 0 && length is >= 0 and <= MaxLength && offset <= _file.Length - length,
            "its table of contents points outside the file"
        );
        return _file.Bytes(offset, (int)length);
    }

    private static T Number<T>(ReadOnlySpan<byte> bytes, int at)
        where T : struct => MemoryMarshal.Read<T>(bytes[at..]);

    private void Expect(bool condition, string fault)
    {
        if (!condition)
        {
            throw new InvalidDataException(
                $"'{_file.Source}' is not a valid zip archive: {fault}. It is damaged or cut short; copy it again."
            );
        }
    }
}
