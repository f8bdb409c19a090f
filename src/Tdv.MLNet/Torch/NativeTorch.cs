using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Calls any of libtorch's operators by name, through the C functions that libtorch 2.10 exports on every platform.
/// TorchSharp lacks some that matter for speed.
/// </summary>
internal static unsafe class NativeTorch
{
    /// <summary>The libtorch whose calling convention this is, 2.10, as its ABI functions want it.</summary>
    private const ulong AbiVersion = (2UL << 56) | (10UL << 48);

    private static readonly Lazy<Functions?> Exports = new(Find);

    /// <summary>Whether this libtorch exports the functions.</summary>
    public static bool IsAvailable => Exports.Value is not null;

    /// <summary>libtorch's own library; zero if it is not loaded.</summary>
    public static IntPtr Library =>
        NativeLibrary.TryLoad(
            OperatingSystem.IsWindows() ? "torch_cpu.dll"
                : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib"
                : "libtorch_cpu.so",
            typeof(torch).Assembly,
            null,
            out IntPtr library
        )
            ? library
            : IntPtr.Zero;

    /// <summary>A tensor as an operator's argument. The callee takes it over.</summary>
    public static ulong Argument(Tensor tensor)
    {
        IntPtr handle;
        Check(Exports.Value!.NewTensorHandle(tensor.Handle, &handle), "aoti_torch_new_tensor_handle");
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    /// <summary>A list of tensors as an operator's argument. The callee takes it over.</summary>
    public static ulong Argument(ReadOnlySpan<Tensor> tensors)
    {
        IntPtr list;
        Check(Exports.Value!.NewList((nuint)tensors.Length, &list), "torch_new_list_reserve_size");
        foreach (var tensor in tensors)
        {
            Check(Exports.Value!.Push(list, Argument(tensor)), "torch_list_push_back");
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
        fixed (byte* operation = name)
        fixed (byte* overload = "\0"u8)
        fixed (ulong* values = stack)
        {
            Check(Exports.Value!.Dispatch(operation, overload, values, AbiVersion), Encoding.UTF8.GetString(name));
        }
    }

    private static void Check(int error, string operation)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"libtorch refused '{operation}' (code {error}).");
        }
    }

    private static Functions? Find()
    {
        IntPtr library = Library;
        return
            library != IntPtr.Zero
            && NativeLibrary.TryGetExport(library, "torch_call_dispatcher", out IntPtr dispatch)
            && NativeLibrary.TryGetExport(library, "torch_new_list_reserve_size", out IntPtr newList)
            && NativeLibrary.TryGetExport(library, "torch_list_push_back", out IntPtr push)
            && NativeLibrary.TryGetExport(library, "aoti_torch_new_tensor_handle", out IntPtr newTensor)
            ? new Functions(dispatch, newList, push, newTensor)
            : null;
    }

    private sealed class Functions(IntPtr dispatch, IntPtr newList, IntPtr push, IntPtr newTensor)
    {
        public int Dispatch(byte* name, byte* overload, ulong* stack, ulong version) =>
            ((delegate* unmanaged<byte*, byte*, ulong*, ulong, int>)dispatch)(name, overload, stack, version);

        public int NewList(nuint length, IntPtr* list) =>
            ((delegate* unmanaged<nuint, IntPtr*, int>)newList)(length, list);

        public int Push(IntPtr list, ulong value) => ((delegate* unmanaged<IntPtr, ulong, int>)push)(list, value);

        public int NewTensorHandle(IntPtr tensor, IntPtr* handle) =>
            ((delegate* unmanaged<IntPtr, IntPtr*, int>)newTensor)(tensor, handle);
    }
}
