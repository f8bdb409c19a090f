using System.Buffers.Binary;
using Tdv.MLNet.Torch;
using Xunit;

namespace Tdv.MLNet.Tests.Torch;

public class ElfVersionNeedsTests
{
    private const int VersionFlags = 212;

    [Fact]
    public void The_named_version_becomes_weak_and_nothing_else_changes()
    {
        byte[] before = Library();
        byte[] after = Library();

        Assert.True(ElfVersionNeeds.Weaken(after, "GLIBCXX_3.4.32"));

        before[VersionFlags] = 2;
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.321")]
    [InlineData("GLIBC_2.34")]
    public void Another_version_is_left_alone(string version)
    {
        byte[] image = Library();

        Assert.False(ElfVersionNeeds.Weaken(image, version));
        Assert.Equal(Library(), image);
    }

    [Fact]
    public void Something_else_than_a_library_is_refused()
    {
        var exception = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(new byte[100], "X"));

        Assert.Equal("This is not a 64-bit little-endian ELF file.", exception.Message);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = Library();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Weaken(cut, "GLIBCXX_3.4.32"));
        }
    }

    [Fact]
    public void Damaged_bytes_never_reach_outside_the_file_and_never_hang()
    {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] image = Library();
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                image[random.Next(image.Length)] = (byte)random.Next(256);
            }

            // Any other exception, an IndexOutOfRangeException say, fails the test.
            _ = Record.Exception(() => ElfVersionNeeds.Weaken(image, "GLIBCXX_3.4.32")) switch
            {
                null or InvalidDataException => 0,
                var other => throw other,
            };
        }
    }

    /// <summary>A header, two sections (strings, version needs) of 64 bytes each, one library with one version.</summary>
    private static byte[] Library()
    {
        byte[] image = new byte[256];
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]).CopyTo(image);
        UInt64(40, 64); // section headers
        UInt16(58, 64);
        UInt16(60, 2);
        UInt64(64 + 24, 224); // strings
        UInt32(128 + 4, 0x6ffffffe);
        UInt64(128 + 24, 192); // needs
        UInt32(128 + 40, 0);
        UInt16(192, 1);
        UInt16(194, 1); // one version
        UInt32(200, 16); // which follows
        UInt32(216, 17);
        "GLIBCXX_3.4.32\0"u8.CopyTo(image.AsSpan(241));
        return image;

        void UInt16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset), value);
        void UInt32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(offset), value);
        void UInt64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(offset), value);
    }
}
