using System.Security.Cryptography;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// Decoded frame pairs in a file, so that each row is decoded once and memory does not grow with the video. The
/// operating system keeps hot parts in its own cache. Nobody else may read the file: frames may be private.
/// </summary>
internal sealed class PairCache : IDisposable
{
    /// <summary>At most this, and at most half of the free disk: beyond it, every pass decodes again.</summary>
    public const long Limit = 32L << 30;

    /// <summary>Null where no place can be written to: nothing fits.</summary>
    private readonly FileStream? _file;
    private readonly int _pairBytes;
    private long _limit;

    /// <param name="path">A file that stays, for a later training to go on with; null: one that vanishes with the process.</param>
    /// <param name="limit">Bytes that the cache may take at most, however much disk is free.</param>
    /// <param name="warn">Is told of temporary folders that cannot be used.</param>
    /// <param name="folders">Where it may be without a path. Default: <see cref="TemporaryPlaces.Folders"/>.</param>
    public PairCache(
        int pairBytes,
        string? path = null,
        long limit = Limit,
        Action<string>? warn = null,
        IEnumerable<string>? folders = null
    )
    {
        _pairBytes = pairBytes;
        if (path is not null)
        {
            try
            {
                _file = OpenKept(path);
                _limit = Math.Min(limit, Room(Path.GetDirectoryName(Path.GetFullPath(path))!));
                return;
            }
            catch (IOException exception) when (File.Exists(path))
            {
                // A training that was stopped a moment ago may still wait for its last frame.
                warn?.Invoke(
                    $"The decoded frames in '{path}' cannot be used now, and are decoded again: {exception.Message}"
                );
            }
        }

        try
        {
            (_file, long room) = TemporaryPlaces.First("Decoded frames", OpenTemporary, folders, warn);
            _limit = Math.Min(limit, room);
        }
        catch (IOException exception)
        {
            warn?.Invoke($"{exception.Message} Until then, each pass decodes its frames again.");
        }
    }

    public int Count { get; private set; }

    /// <summary>Takes what an earlier training left in the file, if it is what it should be; else empties the file.</summary>
    /// <param name="count">The pairs that should be there.</param>
    /// <param name="fingerprint">SHA-256 of them all.</param>
    public bool TryReuse(long count, string fingerprint)
    {
        if (_file is null)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Count = Math.DivRem(_file.Length, _pairBytes) == (count, 0) ? (int)count : 0;
        for (int index = 0; index < Count; index++)
        {
            AmbientStop.Check();
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
        _file?.SetLength(0);
        Count = 0;
    }

    /// <returns>False when the cache is full, or the disk.</returns>
    public bool TryAdd(byte[] pair)
    {
        long offset = (long)Count * _pairBytes;
        if (_file is null || offset + _pairBytes > _limit)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(_file.SafeFileHandle, pair, offset);
        }
        catch (IOException)
        {
            // Others write to the disk, too.
            _limit = offset;
            return false;
        }

        Count++;
        return true;
    }

    public byte[] Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var pair = new byte[_pairBytes];
        int read = RandomAccess.Read(_file!.SafeFileHandle, pair, (long)index * _pairBytes);
        return read == _pairBytes ? pair : throw new EndOfStreamException("The cache of frames was cut short.");
    }

    public void Dispose() => _file?.Dispose();

    private static FileStream OpenKept(string path)
    {
        var file = new FileStream(
            path,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 0,
            FileOptions.RandomAccess
        );
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    private (FileStream File, long Room) OpenTemporary(string folder)
    {
        var file = TemporaryPlaces.OpenPrivate(folder);
        long room = Room(folder);
        if (room >= _pairBytes)
        {
            return (file, room);
        }

        file.Dispose();
        throw new IOException($"it has no room for a pair of frames, which takes {_pairBytes} bytes.");
    }

    private static long Room(string folder) => new DriveInfo(folder).AvailableFreeSpace / 2;
}
