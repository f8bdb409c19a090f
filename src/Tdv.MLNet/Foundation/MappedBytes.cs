using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Tdv.MLNet.Foundation;

/// <summary>A file's bytes, mapped into memory: read by the system only where they are looked at.</summary>
internal sealed unsafe class MappedBytes : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private MemoryHandle _pin;
    private byte* _start;

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public MappedBytes(string path)
    {
        Source = path;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = stream.Length;
        if (Length == 0)
        {
            // An empty file cannot be mapped.
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(
            stream,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            false
        );
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>The same over bytes already in memory.</summary>
    public MappedBytes(byte[] bytes, string source)
    {
        Source = source;
        Length = bytes.Length;
        _pin = bytes.AsMemory().Pin();
        _start = (byte*)_pin.Pointer;
    }

    /// <summary>The file's path, for messages.</summary>
    public string Source { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <summary>The address of byte <paramref name="offset"/>, valid until disposal.</summary>
    public byte* Address(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_start is null && Length > 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return _start + offset;
    }

    public ReadOnlySpan<byte> Bytes(long offset, int length) => new(Address(offset, length), length);

    public void Dispose()
    {
        if (_view is not null && _start is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _start = null;
        _view?.Dispose();
        _file?.Dispose();
        _pin.Dispose();
    }
}
