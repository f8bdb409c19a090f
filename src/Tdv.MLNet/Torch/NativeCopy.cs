using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Loads a native library that is in memory: from there, or from a file that is gone again once it is loaded. A folder may
/// be missing, full, or mounted without leave to execute. Linux.
/// </summary>
internal static partial class NativeCopy
{
    private const uint CloseOnExec = 1;

    /// <summary>Ways to load one, in the order in which they are tried: what the way is called, and what it does.</summary>
    public static IReadOnlyList<(string Name, Func<byte[], string, IntPtr> Load)> Ways { get; } =
    [
        ("memory", (image, name) => FromMemory(image, name)),
        .. TemporaryPlaces.Folders.Select(folder =>
            (
                TemporaryPlaces.Describe(folder),
                (Func<byte[], string, IntPtr>)((image, name) => FromFolder(folder, image, name))
            )
        ),
    ];

    /// <param name="image">The library.</param>
    /// <param name="name">Its file's name.</param>
    /// <param name="ways">Default: <see cref="Ways"/>.</param>
    /// <exception cref="DllNotFoundException">It cannot be loaded in any way; each is named, with what is wrong with it.</exception>
    public static IntPtr Load(
        byte[] image,
        string name,
        IEnumerable<(string Name, Func<byte[], string, IntPtr> Load)>? ways = null
    )
    {
        var faults = new List<string>();
        foreach (var (way, load) in ways ?? Ways)
        {
            try
            {
                return load(image, name);
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                faults.Add($"{way}: {exception.Message.Split('\n')[0]}");
            }
        }

        throw new DllNotFoundException($"A changed copy of {name} cannot be loaded from {string.Join("; ", faults)}");
    }

    public static IntPtr FromFolder(string folder, byte[] image, string name)
    {
        string own = Path.Combine(folder, $"tdv-{Path.GetRandomFileName()}");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException("there is no such folder.");
        }

        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(own) : Directory.CreateDirectory(own, mode);
        try
        {
            string copy = Path.Combine(own, name);
            File.WriteAllBytes(copy, image);
            return NativeLibrary.Load(copy);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    private static IntPtr FromMemory(byte[] image, string name)
    {
        int descriptor = Create(name, CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"the system gives none (error {Marshal.GetLastPInvokeError()}).");
        }

        // Left open: the loader knows libraries by their path, and would take another one under this number for it.
        var handle = new SafeFileHandle((IntPtr)descriptor, ownsHandle: false);
        RandomAccess.Write(handle, image, 0);
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport(
        "libc",
        EntryPoint = "memfd_create",
        StringMarshalling = StringMarshalling.Utf8,
        SetLastError = true
    )]
    private static partial int Create(string name, uint flags);
}
