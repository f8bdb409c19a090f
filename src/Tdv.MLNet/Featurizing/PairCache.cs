namespace Tdv.MLNet.Featurizing;

/// <summary>
/// Decoded frame pairs in a temporary file, so that each row is decoded once and memory does not grow with the video.
/// The operating system keeps hot parts in its own cache; the file vanishes with its handle.
/// </summary>
internal sealed class PairCache : IDisposable
{
    /// <summary>At most this, and at most half of the free disk: beyond it, every pass decodes again.</summary>
    private const long Limit = 32L << 30;
    private readonly FileStream _file;
    private readonly int _pairBytes;
    private readonly long _limit;

    public PairCache(int pairBytes)
    {
        _pairBytes = pairBytes;
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        _file = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 0,
            FileOptions.DeleteOnClose | FileOptions.RandomAccess
        );
        _limit = Math.Min(Limit, new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace / 2);
    }

    public int Count { get; private set; }

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
        var pair = new byte[_pairBytes];
        int read = RandomAccess.Read(_file.SafeFileHandle, pair, (long)index * _pairBytes);
        return read == _pairBytes ? pair : throw new EndOfStreamException("The cache of frames was cut short.");
    }

    public void Dispose() => _file.Dispose();
}
