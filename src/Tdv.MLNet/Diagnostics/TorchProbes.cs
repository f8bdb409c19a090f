using System.Runtime.InteropServices;
using Tdv.MLNet.Torch;
using TorchSharp;

namespace Tdv.MLNet.Diagnostics;

/// <summary>TorchSharp, libtorch, GPU and the C++ library beneath.</summary>
internal static class TorchProbes
{
    private const string CudaPackage = "TorchSharp-cuda-windows or TorchSharp-cuda-linux";

    public static ProbeResult Package() => ProbeResult.Fine(SystemProbes.Text(typeof(torch).Assembly));

    public static ProbeResult Library()
    {
        string version = SystemProbes.Text(typeof(torch).Assembly);
        if (LoadFault() is { } fault)
        {
            return ProbeResult.Problem(
                fault,
                $"Add one package reference to the application: TorchSharp-cpu, or for an NVIDIA GPU {CudaPackage}, version {version}."
            );
        }

        using var scope = torch.NewDisposeScope();
        using var ones = torch.ones(4, 4);
        float sum = ones.mm(ones).sum().item<float>();
        return sum == 64
            ? ProbeResult.Fine($"{torch.__version__}, computes; {torch.get_num_threads()} threads")
            : ProbeResult.Problem(
                $"{torch.__version__} computes 4·4·4 as {sum}",
                $"Reinstall the package with libtorch, version {version}."
            );
    }

    public static ProbeResult Gpu()
    {
        bool present = HasNvidia();
        if (!IsLoaded())
        {
            return ProbeResult.Fine($"{(present ? "an NVIDIA driver is there" : "none")}; libtorch is not loaded");
        }

        if (torch.cuda.is_available())
        {
            return ProbeResult.Fine(
                $"{torch.cuda.device_count()} CUDA device(s); set MLContext.GpuDeviceId to use one"
            );
        }

        return present
            ? ProbeResult.Warning(
                "an NVIDIA driver is there, but libtorch sees no CUDA device",
                $"To use the GPU, reference {CudaPackage} instead of TorchSharp-cpu."
            )
            : ProbeResult.Fine("none: the CPU is used");
    }

    public static ProbeResult StandardLibrary() =>
        !OperatingSystem.IsLinux() ? ProbeResult.Fine("not needed here")
        : LibTorchLoader.IsWeakened
            ? ProbeResult.Fine(
                "older than GCC 13.2 (no GLIBCXX_3.4.32); a copy of TorchSharp's library that does not ask for it is loaded"
            )
        : IsLoaded() ? ProbeResult.Fine("new enough (GLIBCXX_3.4.32)")
        : ProbeResult.Fine("not examined: libtorch is not loaded");

    private static bool IsLoaded() => LoadFault() is null;

    private static string? LoadFault()
    {
        if (!LibTorchLoader.IsInstalled)
        {
            return "is not there";
        }

        try
        {
            LibTorchLoader.EnsureAvailable();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return $"does not load: {FirstLine(exception.InnerException)}";
        }
    }

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
