using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Products of matrices in bfloat16 where it is switched on, as PyTorch's autocast does them: weights, residual stream,
/// norms and losses stay in float32, and gradients reach the weights in float32. The casts are written out, so that it
/// works wherever TorchSharp does.
/// </summary>
internal static class MixedPrecision
{
    [ThreadStatic]
    private static bool _isOn;

    /// <summary>Until the scope is disposed, on this thread.</summary>
    public static Scope Use(bool on)
    {
        var scope = new Scope(_isOn);
        _isOn = on;
        return scope;
    }

    /// <summary>A linear layer, <c>[..., inputs]</c> to <c>[..., outputs]</c>.</summary>
    public static Tensor Apply(this Linear layer, Tensor tokens) => Linear(tokens, layer.weight!, layer.bias);

    /// <param name="tokens"><c>[..., inputs]</c></param>
    /// <param name="weight"><c>[outputs, inputs]</c></param>
    /// <param name="bias"><c>[outputs]</c></param>
    public static Tensor Linear(Tensor tokens, Tensor weight, Tensor? bias) =>
        nn.functional.linear(Lower(tokens), Lower(weight), bias is null ? null : Lower(bias));

    /// <summary>A tensor as products take it: bfloat16 where that is on.</summary>
    public static Tensor Lower(Tensor tensor) =>
        _isOn && tensor.dtype != ScalarType.BFloat16 ? tensor.to_type(ScalarType.BFloat16) : tensor;

    internal readonly ref struct Scope(bool before)
    {
        public void Dispose() => _isOn = before;
    }
}
