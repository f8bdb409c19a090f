using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Lets libtorch multiply float32 matrices with oneDNN instead of MKL, whose kernels for other processors than Intel's
/// use half their vector width. libtorch has one switch for it, and that also permits oneDNN to round to bfloat16, which
/// it does where the processor has instructions for whole bfloat16 tiles: there the switch is put back.
/// </summary>
internal static unsafe class OneDnn
{
    // libtorch's Float32Backend, Float32Op and Float32Precision.
    private const int Mkldnn = 2;
    private const int Matmul = 3;
    private const int Ieee = 1;
    private const int BFloat16 = 3;

    private static readonly Lazy<bool> Switched = new(Switch);

    /// <summary>Switches for the whole process; asked again, only tells.</summary>
    /// <returns>Whether float32 matrices are multiplied by oneDNN now.</returns>
    public static bool UseForMatrices() => Switched.Value;

    /// <summary>Sets libtorch's switch, whatever it does to accuracy. False where this libtorch does not export it.</summary>
    internal static bool Set(bool on)
    {
        IntPtr library = NativeTorch.Library;
        if (
            library == IntPtr.Zero
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out IntPtr globalContext)
            || !NativeLibrary.TryGetExport(
                library,
                "_ZN2at7Context19setFloat32PrecisionENS_14Float32BackendENS_9Float32OpENS_16Float32PrecisionE",
                out IntPtr setPrecision
            )
        )
        {
            return false;
        }

        IntPtr context = ((delegate* unmanaged<IntPtr>)globalContext)();
        ((delegate* unmanaged<IntPtr, int, int, int, void>)setPrecision)(context, Mkldnn, Matmul, on ? BFloat16 : Ieee);
        return true;
    }

    private static bool Switch()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (a, b) = (Waves(0.7), Waves(1.3));
        var before = a.matmul(b);
        if (!Set(true))
        {
            return false;
        }

        double error = (a.matmul(b) - before).abs().max().Value() / before.abs().max().Value();
        // Rounding to bfloat16 costs 1e-4 and more.
        if (error < 1e-5)
        {
            return true;
        }

        Set(false);
        return false;
    }

    /// <summary>Numbers that use every bit of a float, <c>[512, 512]</c>.</summary>
    private static Tensor Waves(double frequency) =>
        arange(512 * 512, ScalarType.Float32, CPU).Multiply(frequency).sin_().abs_().view(512, 512);
}
