using System.Runtime.InteropServices;
using Tdv.MLNet.Torch;
using TorchSharp;

namespace Tdv.MLNet.Diagnostics;

/// <summary>TorchSharp, libtorch, GPU and the C++ library beneath.</summary>
internal static class TorchProbes
{
    private const string CudaPackage = "TorchSharp-cuda-windows or TorchSharp-cuda-linux";

    public static Finding Package() => Finding.Fine(SystemProbes.Text(typeof(torch).Assembly));

    public static Finding Library()
    {
        string version = SystemProbes.Text(typeof(torch).Assembly);
        if (LoadFault() is { } fault)
        {
            return Finding.Problem(
                fault,
                LibTorchLoader.IsInstalled
                    ? "Set TMPDIR to a folder that can be written to and executed from; or install the libstdc++ of GCC 13.2 or later, "
                        + "and what else the message names."
                    : $"Add one package reference to the application: TorchSharp-cpu, or for an NVIDIA GPU {CudaPackage}, version {version}."
            );
        }

        using var scope = torch.NewDisposeScope();
        using var ones = torch.ones(4, 4);
        float sum = ones.mm(ones).sum().item<float>();
        return sum == 64
            ? Finding.Fine($"{torch.__version__}, computes; {torch.get_num_threads()} threads")
            : Finding.Problem(
                $"{torch.__version__} computes 4·4·4 as {sum}",
                $"Reinstall the package with libtorch, version {version}."
            );
    }

    public static Finding Gpu()
    {
        bool present = HasNvidia();
        if (!IsLoaded())
        {
            return Finding.Fine($"{(present ? "an NVIDIA driver is there" : "none")}; libtorch is not loaded");
        }

        if (torch.cuda.is_available())
        {
            return Finding.Fine($"{torch.cuda.device_count()} CUDA device(s); set MLContext.GpuDeviceId to use one");
        }

        return present
            ? Finding.Warning(
                "an NVIDIA driver is there, but libtorch sees no CUDA device",
                $"To use the GPU, reference {CudaPackage} instead of TorchSharp-cpu."
            )
            : Finding.Fine("none: the CPU is used");
    }

    public static Finding StandardLibrary() =>
        !OperatingSystem.IsLinux() ? Finding.Fine("not needed here")
        : LibTorchLoader.IsWeakened
            ? Finding.Fine(
                "older than GCC 13.2 (no GLIBCXX_3.4.32); a copy of TorchSharp's library that does not ask for it is loaded"
            )
        : IsLoaded() ? Finding.Fine("new enough (GLIBCXX_3.4.32)")
        : Finding.Fine("not examined: libtorch is not loaded");

    private static bool IsLoaded() => LoadFault() is null;

    private static string? LoadFault() =>
        !LibTorchLoader.IsInstalled ? "is not there"
        : LibTorchLoader.LoadFault() is { } fault ? $"does not load: {FirstLine(fault)}"
        : null;

    /// <summary>Looks for the driver without loading it.</summary>
    private static bool HasNvidia() =>
        OperatingSystem.IsLinux()
            ? File.Exists("/proc/driver/nvidia/version")
            : OperatingSystem.IsWindows() && File.Exists(Path.Combine(Environment.SystemDirectory, "nvcuda.dll"));

    internal static string FirstLine(Exception? exception)
    {
        while (exception is TypeInitializationException { InnerException: { } inner })
        {
            exception = inner;
        }

        string line = (exception?.Message ?? "no reason given").Split('\n')[0].TrimEnd(' ', ':', '\r');
        // The runtime's hint on how to trace the loading says nothing about this library.
        int hint = line.IndexOf(" In order to help diagnose", StringComparison.Ordinal);
        return hint < 0 ? line : line[..hint];
    }
}
