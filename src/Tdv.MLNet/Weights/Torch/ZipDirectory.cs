using System.Buffers.Binary;
using System.Text;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Weights;

/// <summary>
/// The directory of a zip archive, validated: where each entry's data lie, so that they can be read in place, which
/// .NET's own reader does not tell. Knows zip64.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint End64LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;
    private const int End64LocatorLength = 20;
    private const int End64Length = 56;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const int MaxDirectoryLength = 1 << 26;

    private readonly MappedBytes _file;

    private ZipDirectory(MappedBytes file) => _file = file;

    public Dictionary<string, ZipEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The archive is damaged or cut short.</exception>
    public static ZipDirectory Read(MappedBytes file)
    {
        var directory = new ZipDirectory(file);
        var (offset, length) = directory.Locate();
        directory.ReadEntries(directory.Bytes(offset, length));
        return directory;
    }

    private (long Offset, long Length) Locate()
    {
        // The end record is followed by a comment of at most 65,535 bytes.
        var tailLength = (int)Math.Min(_file.Length, EndLength + ushort.MaxValue);
        var tailStart = _file.Length - tailLength;
        var tail = Bytes(tailStart, tailLength);
        for (var at = tailLength - EndLength; at >= 0; at--)
        {
            if (UInt32(tail, at) == EndSignature && at + EndLength + UInt16(tail, at + 20) == tailLength)
            {
                long length = UInt32(tail, at + 12);
                long offset = UInt32(tail, at + 16);
                return length == uint.MaxValue || offset == uint.MaxValue ? Locate64(tailStart + at) : (offset, length);
            }
        }

        throw Damaged("its table of contents is missing");
    }

    private (long Offset, long Length) Locate64(long end)
    {
        var locator = Bytes(end - End64LocatorLength, End64LocatorLength);
        Expect(UInt32(locator, 0) == End64LocatorSignature, "the pointer to its table of contents is missing");
        var end64 = Bytes(Int64(locator, 8), End64Length);
        Expect(UInt32(end64, 0) == End64Signature, "the end of its table of contents is missing");
        return (Int64(end64, 48), Int64(end64, 40));
    }

    private void ReadEntries(ReadOnlySpan<byte> directory)
    {
        while (directory.Length > 0)
        {
            Expect(
                directory.Length >= EntryLength && UInt32(directory, 0) == EntrySignature,
                "its table of contents is not readable"
            );
            var name = UInt16(directory, 28);
            var extra = UInt16(directory, 30);
            var length = EntryLength + name + extra + UInt16(directory, 32);
            Expect(directory.Length >= length, "its table of contents is cut short");
            ReadEntry(
                directory[..EntryLength],
                Encoding.UTF8.GetString(directory.Slice(EntryLength, name)),
                directory.Slice(EntryLength + name, extra)
            );
            directory = directory[length..];
        }
    }

    private void ReadEntry(ReadOnlySpan<byte> entry, string name, ReadOnlySpan<byte> extra)
    {
        var encrypted = (UInt16(entry, 8) & 1) != 0;
        var method = UInt16(entry, 10);
        var sizes64 = Extra64(extra);
        // The 64-bit sizes stand for those fields, in this order, that do not fit 32 bits.
        var full = Next(UInt32(entry, 24), ref sizes64, name);
        var packed = Next(UInt32(entry, 20), ref sizes64, name);
        var local = Next(UInt32(entry, 42), ref sizes64, name);
        var header = Bytes(local, LocalLength);
        Expect(UInt32(header, 0) == LocalSignature, $"entry '{name}' is not where its table of contents says");
        var data = local + LocalLength + UInt16(header, 26) + UInt16(header, 28);
        Expect(packed <= _file.Length - data, $"entry '{name}' is cut short");
        var stored = !encrypted && method == 0 && packed == full;
        Expect(Entries.TryAdd(name, new ZipEntry(data, packed, stored)), $"entry '{name}' is listed twice");
    }

    private static ReadOnlySpan<byte> Extra64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(UInt16(extra, 2), extra.Length - 4);
            if (UInt16(extra, 0) == 1)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return default;
    }

    private long Next(uint value, ref ReadOnlySpan<byte> sizes64, string name)
    {
        if (value != uint.MaxValue)
        {
            return value;
        }

        Expect(sizes64.Length >= sizeof(long), $"the size of entry '{name}' is missing");
        var size = Int64(sizes64, 0);
        sizes64 = sizes64[sizeof(long)..];
        Expect(size >= 0 && size <= _file.Length, $"entry '{name}' is cut short");
        return size;
    }

    private ReadOnlySpan<byte> Bytes(long offset, long length)
    {
        Expect(
            offset >= 0 && length is >= 0 and <= MaxDirectoryLength && offset <= _file.Length - length,
            "its table of contents points outside the file"
        );
        return _file.Bytes(offset, (int)length);
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private void Expect(bool condition, string fault)
    {
        if (!condition)
        {
            throw Damaged(fault);
        }
    }

    private InvalidDataException Damaged(string fault) =>
        new($"'{_file.Source}' is not a valid zip archive: {fault}. It is damaged or cut short; copy it again.");
}
