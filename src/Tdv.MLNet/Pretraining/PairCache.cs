using System.Security.Cryptography;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// Decoded frame pairs in a file, so that each row is decoded once and memory does not grow with the video. The
/// operating system keeps hot parts in its own cache.
/// </summary>
internal sealed class PairCache : IDisposable
{
    /// <summary>At most this, and at most half of the free disk: beyond it, every pass decodes again.</summary>
    public const long Limit = 32L << 30;

    private readonly FileStream _file;
    private readonly int _pairBytes;
    private readonly long _limit;

    /// <param name="path">A file that stays, for a later training to go on with; null: one that vanishes with its handle.</param>
    /// <param name="limit">Bytes that the cache may take at most, however much disk is free.</param>
    public PairCache(int pairBytes, string? path = null, long limit = Limit)
    {
        _pairBytes = pairBytes;
        string full = path ?? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        _file = new FileStream(
            full,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 0,
            FileOptions.RandomAccess | (path is null ? FileOptions.DeleteOnClose : FileOptions.None)
        );
        _limit = Math.Min(limit, new DriveInfo(Path.GetFullPath(full)).AvailableFreeSpace / 2);
    }

    public int Count { get; private set; }

    /// <summary>Takes what an earlier training left in the file, if it is what it should be; else empties the file.</summary>
    /// <param name="count">The pairs that should be there.</param>
    /// <param name="fingerprint">SHA-256 of them all.</param>
    public bool TryReuse(long count, string fingerprint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Count = Math.DivRem(_file.Length, _pairBytes) == (count, 0) ? (int)count : 0;
        for (int index = 0; index < Count; index++)
        {
            hash.AppendData(Read(index));
        }

        if (Count == count && Convert.ToHexString(hash.GetCurrentHash()) == fingerprint)
        {
            return true;
        }

        Clear();
        return false;
    }

    public void Clear()
    {
        _file.SetLength(0);
        Count = 0;
    }

    /// <returns>False when the cache is full.</returns>
    public bool TryAdd(byte[] pair)
    {
        long offset = (long)Count * _pairBytes;
        if (offset + _pairBytes > _limit)
        {
            return false;
        }

        RandomAccess.Write(_file.SafeFileHandle, pair, offset);
        Count++;
        return true;
    }

    public byte[] Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var pair = new byte[_pairBytes];
        int read = RandomAccess.Read(_file.SafeFileHandle, pair, (long)index * _pairBytes);
        return read == _pairBytes ? pair : throw new EndOfStreamException("The cache of frames was cut short.");
    }

    public void Dispose() => _file.Dispose();
}
