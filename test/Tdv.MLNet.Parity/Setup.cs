using System.Runtime.CompilerServices;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.Parity;

internal static class Setup
{
    /// <summary>
    /// A test may touch TorchSharp before it touches the library; run the library's own initializer first. oneDNN stays off
    /// (<see cref="ProcessSwitches.UseOneDnn"/>): what is compared is formulas, by the kernels that libtorch starts with.
    /// </summary>
    [ModuleInitializer]
    internal static void Initialize()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(LibTorchLoader).Module.ModuleHandle);
        TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
    }
}
