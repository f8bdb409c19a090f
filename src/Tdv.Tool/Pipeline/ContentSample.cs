using System.Buffers.Binary;
using System.Security.Cryptography;
using Tdv.MLNet.Video;

namespace Tdv.Tool.Pipeline;

/// <summary>What tells a video's content from another's without reading all of it.</summary>
/// <param name="Bytes">Length of the file, or of all pictures.</param>
/// <param name="Pictures">Of a folder: how many.</param>
/// <param name="Hash">SHA-256 of every length and of evenly chosen blocks.</param>
internal sealed record ContentSample(long Bytes, int? Pictures, string Hash)
{
    private const int BlockBytes = 1 << 16;
    private const int VideoBlocks = 16;
    private const int PictureBlocks = 2;

    /// <summary>Pictures of a folder that are looked into; of the others the length counts.</summary>
    private const int MostPictures = 256;

    /// <param name="path">A video file, or a folder of numbered pictures.</param>
    public static ContentSample Of(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        int? pictures = null;
        if (Directory.Exists(path))
        {
            var files = FrameFolder.Frames(path);
            pictures = files.Count;
            files.ForEach(file => bytes += AddLength(hash, file));
            int chosen = Math.Min(MostPictures, files.Count);
            for (int i = 0; i < chosen; i++)
            {
                AddBlocks(
                    hash,
                    files[chosen == 1 ? 0 : (int)((long)i * (files.Count - 1) / (chosen - 1))],
                    PictureBlocks
                );
            }
        }
        else
        {
            bytes = AddLength(hash, path);
            AddBlocks(hash, path, VideoBlocks);
        }

        return new(bytes, pictures, Convert.ToHexString(hash.GetHashAndReset()));
    }

    private static long AddLength(IncrementalHash hash, string file)
    {
        long length = new FileInfo(file).Length;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        hash.AppendData(bytes);
        return length;
    }

    /// <summary>The first block, the last one, and others as far from each other; all of a short file.</summary>
    private static void AddBlocks(IncrementalHash hash, string path, int blocks)
    {
        using var file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        var buffer = new byte[BlockBytes];
        for (int i = 0; i < blocks; i++)
        {
            long offset =
                length <= (long)blocks * BlockBytes ? (long)i * BlockBytes : i * (length - BlockBytes) / (blocks - 1);
            if (offset < length)
            {
                hash.AppendData(buffer.AsSpan(0, RandomAccess.Read(file, buffer, offset)));
            }
        }
    }
}
