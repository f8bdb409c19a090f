using System.Runtime.InteropServices;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Keeps glibc from handing freed memory back to the system at once. A training step frees and allocates the same
/// gigabytes again and again; without this, the system clears each page anew, which took up to a third of a step.
/// Elsewhere than on Linux nothing happens.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>The largest block that glibc's own rule comes to take from the heap.</summary>
    private const int Heap = 32 << 20;

    public static void KeepFreedMemory() => Set(int.MaxValue);

    /// <summary>What glibc's own rule comes to once large blocks have been freed.</summary>
    internal static void UseDefaults() => Set(2 * Heap);

    /// <summary>Hands back what is free now.</summary>
    public static void Trim() => IfThereIsGlibc(() => Trim(0));

    private static void Set(int trimThreshold) =>
        IfThereIsGlibc(() =>
        {
            _ = SetOption(MmapThreshold, Heap);
            return SetOption(TrimThreshold, trimThreshold);
        });

    private static void IfThereIsGlibc(Func<int> call)
    {
        try
        {
            _ = call();
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Other systems manage memory their own way.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
