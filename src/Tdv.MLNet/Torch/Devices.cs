using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>Chooses the device when a model is used: it is never saved.</summary>
internal static class Devices
{
    /// <summary><c>MLContext.GpuDeviceId</c> if there is such a GPU, else the CPU if <c>FallbackToCpu</c> allows it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The GPU asked for is not there and falling back is not allowed, or the application has no libtorch.
    /// </exception>
    public static Device Choose(IHost host)
    {
        LibTorchLoader.EnsureAvailable();
        return Gpu(host) ?? CPU;
    }

    /// <summary>The GPU of <see cref="Choose"/>; null for the CPU, which needs no libtorch.</summary>
    /// <exception cref="InvalidOperationException">The GPU asked for is not there and falling back is not allowed.</exception>
    public static Device? Gpu(IHost host)
    {
        if (MLNetInternals.GpuDeviceId(host) is not { } index)
        {
            return null;
        }

        bool fallback = MLNetInternals.FallbackToCpu(host);
        bool torch = LibTorchLoader.IsAvailable;
        if (!torch && !fallback)
        {
            LibTorchLoader.EnsureAvailable();
        }

        int count = torch && cuda.is_available() ? cuda.device_count() : 0;
        if (index >= 0 && index < count)
        {
            return device(TorchSharp.DeviceType.CUDA, index);
        }

        string found =
            !torch ? "this application has no libtorch"
            : count == 0 ? "libtorch sees no CUDA GPU here"
            : $"there are {count} GPUs, counted from 0";
        if (!fallback)
        {
            throw new InvalidOperationException(
                $"MLContext.GpuDeviceId is {index}, but {found}. Reference TorchSharp-cuda-windows or TorchSharp-cuda-linux, "
                    + "choose another index, or set MLContext.FallbackToCpu."
            );
        }

        using var channel = host.Start(nameof(Devices));
        MLNetInternals.Warn(channel, $"MLContext.GpuDeviceId is {index}, but {found}: the CPU is used.");
        return null;
    }
}
