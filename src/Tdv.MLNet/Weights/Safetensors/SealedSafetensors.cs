using System.Security.Cryptography;
using Tdv.MLNet.Foundation;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>
/// A safetensors file whose last tensor is the SHA-256 of every byte before it, header included: what is cut short or
/// has a flipped bit is never taken for whole. Any reader of safetensors reads it.
/// </summary>
internal static class SealedSafetensors
{
    private const string SealName = "sha256";
    private const int SealBytes = SHA256.HashSizeInBytes;

    /// <summary>Writes the tensors and the seal.</summary>
    public static void Write(
        Stream file,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        using var hash = SHA256.Create();
        using var stream = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true);
        var seal = new TensorSource(
            SealName,
            ScalarType.Byte,
            [SealBytes],
            _ =>
            {
                stream.FlushFinalBlock();
                file.Write(hash.Hash);
            }
        );
        Safetensors.Write(stream, tensors.Select(TensorSource.Of).Append(seal), metadata);
    }

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not what was written, or holds a number that is not finite.</exception>
    public static SafetensorsFile Open(string path) =>
        WeightsFile.Own(
            new MappedBytes(path),
            bytes =>
            {
                var file = new SafetensorsFile(bytes);
                if (!IsWhole(bytes))
                {
                    throw new InvalidDataException($"'{path}' is damaged: its checksum differs from its content.");
                }

                file.RequireFinite();
                return file;
            }
        );

    private static unsafe bool IsWhole(MappedBytes bytes)
    {
        long length = bytes.Length - SealBytes;
        if (length < 0)
        {
            return false;
        }

        using var content = new UnmanagedMemoryStream(bytes.Address(0, length), length);
        return bytes.Bytes(length, SealBytes).SequenceEqual(SHA256.HashData(content));
    }
}
