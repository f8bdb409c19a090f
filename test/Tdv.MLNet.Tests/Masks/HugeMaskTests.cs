using System.Buffers.Binary;
using Tdv.MLNet.Masks;
using Xunit;

namespace Tdv.MLNet.Tests.Masks;

public sealed class HugeMaskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-huge-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(60000, 60000)]
    [InlineData(16385, 16384)]
    public void A_mask_that_claims_too_many_pixels_is_refused_before_it_is_decoded(int width, int height)
    {
        string path = Path.Combine(_folder.FullName, "mask.png");
        File.WriteAllBytes(path, Png(width, height));
        var error = Assert.Throws<InvalidDataException>(() => MaskFile.Read(path));
        Assert.Contains($"claims {width} × {height} pixels", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A PNG of 8-bit gray that ends behind its header.</summary>
    internal static byte[] Png(int width, int height)
    {
        var header = new byte[17];
        "IHDR"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), height);
        header[12] = 8;
        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13]);
        file.Write(header);
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(header));
        file.Write(sum);
        file.Write([0, 0, 0, 0, (byte)'I', (byte)'D', (byte)'A', (byte)'T', 0x35, 0xaf, 0x06, 0x1e]);
        return file.ToArray();
    }

    internal static uint Crc(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0xedb88320u);
            }
        }

        return ~sum;
    }
}
