using System.IO.Compression;
using System.Text;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Tests.Weights;

/// <summary>Makes archives as torch.save does, around any pickle, for tests of what must be refused.</summary>
internal static class TorchArchive
{
    public static byte[] Make(
        byte[] pickle,
        CompressionLevel level = CompressionLevel.NoCompression,
        params (string Name, byte[] Bytes)[] entries
    )
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.Prepend(("data.pkl", pickle)))
            {
                using var entry = zip.CreateEntry("archive/" + name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A pickle of protocol 2 from Latin-1 text, without its first two and its last byte.</summary>
    public static byte[] Pickle(string codes) => [0x80, 2, .. Encoding.Latin1.GetBytes(codes), (byte)'.'];

    /// <summary>A state dict with one float tensor "x" over the 4 elements of storage "0".</summary>
    public static string OneTensor(
        long offset = 0,
        string shape = "K\u0004",
        string strides = "K\u0001",
        long elements = 4
    ) =>
        "}X\u0001\0\0\0xctorch._utils\n_rebuild_tensor_v2\n(("
        + $"X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpu{Integer(elements)}tQ"
        + $"{Integer(offset)}({shape}t({strides}t\u0089}}tRs";

    public static string Integer(long value) =>
        "\u008a\u0008" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    public static InvalidDataException Refusal(byte[] archive) =>
        Xunit.Assert.Throws<InvalidDataException>(() => TorchCheckpointFile.Open(new MappedBytes(archive, "a.pth")));
}
