using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>How far two tensors are apart.</summary>
internal static class Compare
{
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
