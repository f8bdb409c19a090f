using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>Everything that the library switches for the whole process: libgomp's idle threads, libtorch's kernel for
/// matrices, glibc's heap.</summary>
internal static partial class ProcessSwitches
{
    // libtorch's Float32Backend, Float32Op and Float32Precision.
    private const int Mkldnn = 2;
    private const int Matmul = 3;
    private const int Ieee = 1;
    private const int BFloat16 = 3;

    // glibc's options of mallopt.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>The largest block that glibc's own rule comes to take from the heap.</summary>
    private const int HeapBlock = 32 << 20;

    private static readonly Lazy<bool> OneDnn = new(TryOneDnn);
    private static readonly SharedSwitch Heap = new(
        () => SetHeap(keep: true),
        () =>
        {
            SetHeap(keep: false);
            IfThereIs(() => Trim(0));
        }
    );

    /// <summary>Whether freed memory stays with the process now.</summary>
    public static bool KeepsFreedMemory { get; private set; }

    /// <summary>
    /// libgomp's idle threads spin so long that a forward pass takes seven times as long on shared cores. To be called
    /// before libgomp loads: it reads the C environment then, once and for all, which
    /// Environment.SetEnvironmentVariable does not reach.
    /// </summary>
    public static void LimitThreadSpinning()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")))
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", "1000", overwrite: 0);
        }
    }

    /// <summary>
    /// Lets libtorch multiply float32 matrices with oneDNN instead of MKL, whose kernels for other processors than
    /// Intel's use half their vector width. libtorch has one switch for it, and that also permits oneDNN to round to
    /// bfloat16, which it does where the processor has instructions for whole bfloat16 tiles: there the switch is put
    /// back. Else it stays: libtorch reads it at every product of every thread, and the last bits of one user's features
    /// must not hang on when another one is done.
    /// </summary>
    /// <returns>Whether float32 matrices are multiplied by oneDNN now.</returns>
    public static bool UseOneDnn() => OneDnn.Value;

    /// <summary>
    /// Keeps glibc from handing freed memory back to the system at once, until the last lease is disposed: its default
    /// is back then, and what is free by then handed back. A training step frees and allocates the same gigabytes again and
    /// again; without this, the system clears each page anew, which took up to a third of a step. Elsewhere than on Linux
    /// nothing happens.
    /// </summary>
    public static IDisposable KeepFreedMemory() => Heap.Hold();

    /// <summary>Sets libtorch's switch, whatever it does to accuracy. False where this libtorch does not export it.</summary>
    internal static bool SetOneDnn(bool on) =>
        IfThereIs(() => SetPrecision(GlobalContext(), Mkldnn, Matmul, on ? BFloat16 : Ieee));

    /// <summary>Sets glibc's switch, whoever has a lease.</summary>
    /// <param name="keep">False: what glibc's own rule comes to once large blocks have been freed.</param>
    internal static void SetHeap(bool keep)
    {
        KeepsFreedMemory = keep;
        IfThereIs(() =>
        {
            _ = SetOption(MmapThreshold, HeapBlock);
            _ = SetOption(TrimThreshold, keep ? int.MaxValue : 2 * HeapBlock);
        });
    }

    /// <summary>Other systems manage memory their own way, and other builds of libtorch export less.</summary>
    private static bool IfThereIs(Action call)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static bool TryOneDnn()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator(1);
        var (a, b) = (rand([512, 512], generator: generator), rand([512, 512], generator: generator));
        var before = a.matmul(b);
        if (!SetOneDnn(true))
        {
            return false;
        }

        double error = (a.matmul(b) - before).abs().max().Value() / before.abs().max().Value();
        // Rounding to bfloat16 costs 1e-4 and more.
        if (error < 1e-5)
        {
            return true;
        }

        SetOneDnn(false);
        return false;
    }

    [LibraryImport(NativeTorch.Library, EntryPoint = "_ZN2at13globalContextEv")]
    private static partial IntPtr GlobalContext();

    [LibraryImport(
        NativeTorch.Library,
        EntryPoint = "_ZN2at7Context19setFloat32PrecisionENS_14Float32BackendENS_9Float32OpENS_16Float32PrecisionE"
    )]
    private static partial void SetPrecision(IntPtr context, int backend, int operation, int precision);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
