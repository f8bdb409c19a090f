using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>How far two tensors are apart.</summary>
internal static class Compare
{
    /// <summary>The reference's tolerance (§15) of numbers stored in single precision, relative to the tensor's largest value.</summary>
    public const double Outputs = 3e-6;

    public const double Gradients = 1.2e-5;

    /// <summary>
    /// For TDV's whole forward pass in single precision: the stored numbers are 2.0e-6 away from double precision
    /// themselves, and another build of libtorch rounds its matrix products otherwise by as much again.
    /// </summary>
    public const double SingleForward = 1.5 * Outputs;

    /// <summary>
    /// For gradients through RoPE over all 256 patches in single precision, likewise: 8.7e-6 of it are in the stored
    /// numbers.
    /// </summary>
    public const double SingleRotaryGradients = 1.5 * Gradients;

    public const double Exact = 1e-12;

    /// <summary>Double precision with a position embedding that is resized in single precision by design.</summary>
    public const double ExactInterpolated = 1e-6;

    /// <summary>The largest difference over the reference's largest value.</summary>
    public static double Relative(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var reference = expected.to_type(ScalarType.Float64);
        var difference = (actual.detach().to_type(ScalarType.Float64).reshape(reference.shape) - reference).abs().max();
        return difference.item<double>() / Math.Max(reference.abs().max().item<double>(), double.Epsilon);
    }

    public static double Relative(double actual, double expected) => Math.Abs(actual - expected) / Math.Abs(expected);

    /// <summary>‖θ − reference‖ / ‖reference − start‖, how wrong the update is; for what did not move, the difference.</summary>
    public static double Update(Tensor actual, Tensor expected, Tensor start)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var reference = expected.to_type(ScalarType.Float64);
        var error = (actual.detach().to_type(ScalarType.Float64) - reference).norm().item<double>();
        var moved = (reference - start.to_type(ScalarType.Float64)).norm().item<double>();
        return moved > 0 ? error / moved : error;
    }

    /// <summary>
    /// Without the keys' share of attention biases, whose true gradient is 0: single precision leaves rounding noise
    /// there, which AdamW amplifies.
    /// </summary>
    public static Tensor WithoutKeyBias(string name, Tensor tensor)
    {
        var part =
            name.EndsWith("qkv.bias", StringComparison.Ordinal) ? 3
            : name.EndsWith("cross_attn.kv.bias", StringComparison.Ordinal)
            || name.EndsWith("kv_proj.bias", StringComparison.Ordinal)
                ? 2
            : 0;
        if (part == 0)
        {
            return tensor;
        }

        var width = tensor.size(0) / part;
        return part == 3
            ? cat([tensor.narrow(0, 0, width), tensor.narrow(0, 2 * width, width)])
            : tensor.narrow(0, width, width);
    }
}
