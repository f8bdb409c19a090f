namespace Tdv.MLNet;

/// <summary>What computes features. In float32 all engines agree within 1e-5; training is always TorchSharp's.</summary>
public enum TdvEngine
{
    /// <summary>
    /// ONNX Runtime on the CPU, TorchSharp on the GPU that <c>MLContext.GpuDeviceId</c> names, and in bfloat16.
    /// </summary>
    Automatic,

    /// <summary>ONNX Runtime on the CPU, whatever GPU there is; the application needs no libtorch.</summary>
    OnnxRuntime,

    /// <summary>TorchSharp, on the CPU or a GPU; the application needs a libtorch package.</summary>
    TorchSharp,
}
