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
    private const int Chunk = 1 << 26;

    /// <summary>Writes the tensors, whole or not at all, replacing an existing file.</summary>
    public static void Write(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string> metadata
    ) =>
        AtomicFile.Write(
            path,
            file =>
            {
                using var seal = zeros(SealBytes, ScalarType.Byte);
                using var hash = SHA256.Create();
                using (var stream = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                {
                    var list = tensors.ToList();
                    Safetensors.WriteHeader(
                        stream,
                        [.. list.Append((SealName, seal)).Select(TensorSource.Of)],
                        metadata
                    );
                    foreach (var (_, tensor) in list)
                    {
                        TensorMemory.Write(tensor, stream);
                    }
                }

                file.Write(hash.Hash);
            }
        );

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            return IsWhole(file.Bytes)
                ? file
                : throw new InvalidDataException($"'{path}' is damaged: its checksum differs from its content.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool IsWhole(MappedBytes bytes)
    {
        long length = bytes.Length - SealBytes;
        if (length < 0)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long done = 0; done < length; done += Chunk)
        {
            hash.AppendData(bytes.Bytes(done, (int)Math.Min(Chunk, length - done)));
        }

        return bytes.Bytes(length, SealBytes).SequenceEqual(hash.GetCurrentHash());
    }
}
