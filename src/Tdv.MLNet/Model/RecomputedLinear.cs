using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// A linear layer behind a cheap function, a norm or an activation, whose result is computed again for the gradients
/// instead of kept: of a transformer block's memory, that is a quarter.
/// </summary>
internal sealed class RecomputedLinear : autograd.SingleTensorFunction<RecomputedLinear>
{
    /// <summary>Elements, 2 MiB of floats, below which memory is not worth the time.</summary>
    private const long Worthwhile = 1 << 19;

    public override string Name => nameof(RecomputedLinear);

    /// <summary>Linear(LayerNorm(tokens)), <c>[..., inputs]</c> to <c>[..., outputs]</c>.</summary>
    public static Tensor Of(Linear layer, LayerNorm norm, Tensor tokens) =>
        Applies(layer, tokens)
            ? apply(tokens, layer.weight!, layer.bias!, norm.weight!, norm.bias!)
            : layer.Apply(norm.call(tokens));

    /// <summary>Linear(GELU(tokens)), <c>[..., inputs]</c> to <c>[..., outputs]</c>.</summary>
    public static Tensor OfGelu(Linear layer, Tensor tokens) =>
        Applies(layer, tokens) ? apply(tokens, layer.weight!, layer.bias!) : layer.Apply(nn.functional.gelu(tokens));

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = Array.ConvertAll(vars, item => (Tensor)item);
        ctx.save_for_backward([.. inputs]);
        using var scope = NewDisposeScope();
        return MixedPrecision
            .Linear(Function(inputs[0], [.. inputs.Skip(3)]), inputs[1], inputs[2])
            .MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var weight = saved[1];
        List<Tensor> leaves = [.. saved.Where((_, i) => i is 0 or > 2).Select(Leaf)];
        Tensor hidden;
        using (enable_grad())
        {
            hidden = Function(leaves[0], [.. leaves.Skip(1)]);
        }

        // The gradient's type tells what the forward pass multiplied in.
        var gradient = grad_output.flatten(0, -2);
        var lowered = hidden.detach().flatten(0, -2).to_type(gradient.dtype);
        var weightGradient = gradient.t().matmul(lowered).to_type(weight.dtype);
        var biasGradient = gradient.sum([0L], type: weight.dtype);
        var hiddenGradient = grad_output.matmul(weight.to_type(gradient.dtype)).to_type(hidden.dtype);
        var rest = autograd.grad([hidden], leaves, [hiddenGradient]);
        return BackwardResults.Hand(grad_output, [rest[0], weightGradient, biasGradient, .. rest.Skip(1)]);
    }

    /// <summary>Where gradients are needed, on a CPU: on a GPU, calls back to managed code would hold it up.</summary>
    private static bool Applies(Linear layer, Tensor tokens) =>
        is_grad_enabled()
        && layer.weight!.requires_grad
        && tokens.numel() >= Worthwhile
        && tokens.device_type == TorchSharp.DeviceType.CPU;

    private static Tensor Leaf(Tensor tensor) => tensor.detach().requires_grad_(true);

    private static Tensor Function(Tensor tokens, IReadOnlyList<Tensor> norm) =>
        norm.Count == 0
            ? nn.functional.gelu(tokens)
            : nn.functional.layer_norm(tokens, [tokens.size(-1)], norm[0], norm[1], Norm.Epsilon);
}
