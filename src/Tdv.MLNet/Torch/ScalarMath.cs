using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Sums, and arithmetic of tensors with numbers; as in PyTorch, an underscore says that it works in place. TorchSharp turns
/// a number, even the factor 1 of a sum, into a native scalar that its finalizer frees, and the garbage collector may run
/// that while libtorch still reads it ("Unknown scalar type", hours into a training). Here each scalar lives until the
/// call is over. The library uses nothing else that makes one.
/// </summary>
internal static class ScalarMath
{
    /// <summary>The factor that TorchSharp's sums of two tensors would make anew for each call.</summary>
    private static readonly Scalar One = 1;

    /// <summary><c>tensor + other</c>, a new tensor.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, One);

    /// <summary><c>tensor += other</c></summary>
    public static Tensor Add_(this Tensor tensor, Tensor other) => tensor.add_(other, One);

    /// <summary><c>tensor · factor</c>, a new tensor.</summary>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul(scalar);
    }

    /// <summary><c>tensor *= factor</c></summary>
    public static Tensor Times_(this Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul_(scalar);
    }

    /// <summary><c>tensor /= divisor</c></summary>
    public static Tensor Divide_(this Tensor tensor, double divisor)
    {
        using Scalar scalar = divisor;
        return tensor.div_(scalar);
    }

    /// <summary><c>tensor += number</c></summary>
    public static Tensor Add_(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.add_(scalar, One);
    }

    /// <summary><c>tensor += factor · other</c></summary>
    public static Tensor Add_(this Tensor tensor, Tensor other, double factor)
    {
        using Scalar scalar = factor;
        return tensor.add_(other, scalar);
    }

    /// <summary><c>tensor += factor · a · b</c></summary>
    public static Tensor AddProduct_(this Tensor tensor, Tensor a, Tensor b, double factor)
    {
        using Scalar scalar = factor;
        return tensor.addcmul_(a, b, scalar);
    }

    /// <summary><c>tensor += factor · a / b</c></summary>
    public static Tensor AddQuotient_(this Tensor tensor, Tensor a, Tensor b, double factor)
    {
        using Scalar scalar = factor;
        return tensor.addcdiv_(a, b, scalar);
    }

    /// <summary>The value of a tensor of one element.</summary>
    public static double Value(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var values = tensor.detach().to(ScalarType.Float64).cpu().data<double>();
        return values[0];
    }
}
