using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>The bytes of tensors. Spans reach 2 GiB only, tensors further.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first byte of a row-major, gapless CPU tensor; null if it is empty.</summary>
    public static byte* Address(Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return null;
        }

        using var detached = tensor.detach();
        using var flat = detached.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Writes the elements in row-major order, wherever the tensor lives.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        using var detached = tensor.detach();
        using var local = detached.cpu();
        using var gapless = local.contiguous();
        var address = Address(gapless);
        if (address is not null)
        {
            using var content = new UnmanagedMemoryStream(address, tensor.numel() * ElementTypes.Size(tensor.dtype));
            content.CopyTo(stream);
        }
    }
}
