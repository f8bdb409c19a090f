using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Calls any of libtorch's operators by name, through the C functions that libtorch 2.10 exports on every platform.
/// TorchSharp lacks some that matter for speed.
/// </summary>
internal static partial class NativeTorch
{
    /// <summary>The libtorch whose calling convention this is, 2.10, as its ABI functions want it.</summary>
    private const ulong AbiVersion = (2UL << 56) | (10UL << 48);

    /// <summary>libtorch's own library.</summary>
    public const string Library = "torch_cpu";

    private static readonly Lazy<bool> Exports = new(() =>
        NativeLibrary.TryLoad(Library, typeof(NativeTorch).Assembly, null, out IntPtr library)
        && new[]
        {
            "torch_call_dispatcher",
            "torch_new_list_reserve_size",
            "torch_list_push_back",
            "aoti_torch_new_tensor_handle",
        }.All(name => NativeLibrary.TryGetExport(library, name, out _))
    );

    /// <summary>Whether this libtorch exports the functions.</summary>
    public static bool IsAvailable => Exports.Value;

    /// <summary>A tensor as an operator's argument. The callee takes it over.</summary>
    public static ulong Argument(Tensor tensor)
    {
        Check(NewTensorHandle(tensor.Handle, out IntPtr handle), "aoti_torch_new_tensor_handle");
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    /// <summary>A list of tensors as an operator's argument. The callee takes it over.</summary>
    public static ulong Argument(ReadOnlySpan<Tensor> tensors)
    {
        Check(NewList((nuint)tensors.Length, out IntPtr list), "torch_new_list_reserve_size");
        foreach (var tensor in tensors)
        {
            Check(Push(list, Argument(tensor)), "torch_list_push_back");
        }

        return (ulong)list;
    }

    /// <summary>A false boolean as an operator's argument.</summary>
    public const ulong False = 0;

    /// <summary>A missing value as an operator's argument.</summary>
    public const ulong None = 0;

    /// <summary>A number as an operator's argument.</summary>
    public static ulong Argument(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>Calls an operator's default overload.</summary>
    /// <param name="name">Qualified, for instance <c>aten::_fused_adamw_</c>; a UTF-8 literal, which ends in a 0.</param>
    /// <param name="arguments">In the order of the operator's schema.</param>
    public static void Call(ReadOnlySpan<byte> name, ReadOnlySpan<ulong> arguments)
    {
        // Results, which nobody needs of operators that work in place, replace the arguments.
        Span<ulong> stack = stackalloc ulong[arguments.Length];
        arguments.CopyTo(stack);
        Check(Dispatch(name, "\0"u8, stack, AbiVersion), Encoding.UTF8.GetString(name));
    }

    private static void Check(int error, string operation)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"libtorch refused '{operation}' (code {error}).");
        }
    }

    [LibraryImport(Library, EntryPoint = "torch_call_dispatcher")]
    private static partial int Dispatch(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> overload,
        Span<ulong> stack,
        ulong version
    );

    [LibraryImport(Library, EntryPoint = "torch_new_list_reserve_size")]
    private static partial int NewList(nuint length, out IntPtr list);

    [LibraryImport(Library, EntryPoint = "torch_list_push_back")]
    private static partial int Push(IntPtr list, ulong value);

    [LibraryImport(Library, EntryPoint = "aoti_torch_new_tensor_handle")]
    private static partial int NewTensorHandle(IntPtr tensor, out IntPtr handle);
}
