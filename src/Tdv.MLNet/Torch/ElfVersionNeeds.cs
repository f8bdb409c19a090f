using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tdv.MLNet.Torch;

/// <summary>
/// The versions that a shared library needs of its dependencies: section <c>SHT_GNU_verneed</c> of a 64-bit
/// little-endian ELF file.
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const byte WeakFlag = 2;

    /// <summary>
    /// Marks every need of <paramref name="version"/> as weak, in place: the loader then accepts a dependency without it.
    /// </summary>
    /// <returns>Whether the version was found.</returns>
    /// <exception cref="InvalidDataException">The image is not such a file, or points outside of itself.</exception>
    public static bool Weaken(Span<byte> image, string version)
    {
        if (!At(image, 0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("This is not a 64-bit little-endian ELF file.");
        }

        ulong sections = Number<ulong>(image, 40);
        ulong size = Number<ushort>(image, 58);
        ulong count = Number<ushort>(image, 60);
        bool found = false;
        for (ulong index = 0; index < count; index++)
        {
            ulong section = sections + (index * size);
            if (Number<uint>(image, section + 4) == VersionNeedSection)
            {
                ulong stringSection = sections + (Number<uint>(image, section + 40) * size);
                ulong strings = Number<ulong>(image, stringSection + 24);
                found |= WeakenSection(image, Number<ulong>(image, section + 24), strings, version);
            }
        }

        return found;
    }

    /// <summary>One entry per library, linked by the distance to the next; each has a chain of versions.</summary>
    private static bool WeakenSection(Span<byte> image, ulong entry, ulong strings, string version)
    {
        bool found = false;
        uint next;
        do
        {
            ulong need = entry + Number<uint>(image, entry + 8);
            for (int left = Number<ushort>(image, entry + 2); left > 0; left--)
            {
                if (NameIs(image, strings + Number<uint>(image, need + 8), version))
                {
                    At(image, need + 4, sizeof(ushort))[0] |= WeakFlag;
                    found = true;
                }

                need += Number<uint>(image, need + 12);
            }

            next = Number<uint>(image, entry + 12);
            entry += next;
        } while (next != 0);

        return found;
    }

    private static bool NameIs(Span<byte> image, ulong offset, string name)
    {
        _ = At(image, offset, 1);
        var rest = image[(int)offset..];
        int length = rest.IndexOf((byte)0);
        return length >= 0
            ? Encoding.ASCII.GetString(rest[..length]) == name
            : throw new InvalidDataException($"The ELF file is cut short: the name at {offset} has no end.");
    }

    private static T Number<T>(Span<byte> image, ulong offset)
        where T : unmanaged => MemoryMarshal.Read<T>(At(image, offset, Unsafe.SizeOf<T>()));

    private static Span<byte> At(Span<byte> image, ulong offset, int length) =>
        offset <= (ulong)image.Length && (ulong)length <= (ulong)image.Length - offset
            ? image.Slice((int)offset, length)
            : throw new InvalidDataException(
                $"The ELF file is cut short: it has {image.Length} bytes, but refers to {length} at {offset}."
            );
}
