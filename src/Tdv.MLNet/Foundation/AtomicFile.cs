using System.Runtime.InteropServices;

namespace Tdv.MLNet.Foundation;

/// <summary>Writes a file such that its name never shows a half-written one, not even after a power failure.</summary>
internal static partial class AtomicFile
{
    /// <summary>What half-written files end in, which a killed process leaves behind.</summary>
    public const string TemporaryExtension = ".tmp";

    /// <summary>Writes beside <paramref name="path"/>, then renames; replaces an existing file, creates the folder.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Guid.NewGuid():N}{TemporaryExtension}";
        try
        {
            WriteNew(temporary, write);
            Place(temporary, full);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a file that is not there yet, to the disk.</summary>
    public static void WriteNew(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file that is on the disk its name, for good; replaces what had it.</summary>
    public static void Place(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Brings to the disk what a foreign library wrote.</summary>
    public static void Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Makes the renaming last. Not every file system can, and .NET opens no folders; on Windows the file system's own
    /// journal does it.
    /// </summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int readOnly = 0;
        int handle = Open(folder, readOnly);
        if (handle >= 0)
        {
            _ = Flush(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
