using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// The heart of attention: softmax(Q·Kᵀ / √d)·V. The attention weights are computed again for the gradients instead of
/// kept: that costs a fiftieth of a step and saves a fifth of its memory.
/// </summary>
internal sealed class AttentionProduct : autograd.SingleTensorFunction<AttentionProduct>
{
    /// <summary>Attention weights beyond which libtorch's fused kernel, which never has all of them, is kinder to memory.</summary>
    private const long Limit = 1 << 24;

    /// <summary>Attention weights, 8 MiB of them, below which memory is not worth the time.</summary>
    private const long Worthwhile = 1 << 21;

    public override string Name => nameof(AttentionProduct);

    /// <param name="query"><c>[B, h, n, d]</c></param>
    /// <param name="key"><c>[B, h, m, d]</c></param>
    /// <param name="value"><c>[B, h, m, d]</c></param>
    /// <returns><c>[B, h, n, d]</c></returns>
    public static Tensor Of(Tensor query, Tensor key, Tensor value)
    {
        // On a CPU, whole products outrun the fused kernel, which multiplies many small blocks.
        long weights = query.size(0) * query.size(1) * query.size(2) * key.size(2);
        if (weights > Limit || query.device_type != TorchSharp.DeviceType.CPU)
        {
            return nn.functional.scaled_dot_product_attention(query, key, value);
        }

        return weights >= Worthwhile && is_grad_enabled() && query.requires_grad
            ? apply(query, key, value)
            : Weights(query, key).matmul(value);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (query, key, value) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([query, key, value]);
        using var scope = NewDisposeScope();
        return Weights(query, key).matmul(value).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (query, key, value) = (saved[0], saved[1], saved[2]);
        var weights = Weights(query, key);
        var valueGradient = weights.transpose(2, 3).matmul(grad_output);
        // The gradient through a softmax: p · (g − Σ p·g).
        var gradient = grad_output.matmul(value.transpose(2, 3)).mul_(weights);
        gradient.sub_(weights.mul_(gradient.sum(-1, keepdim: true))).Times_(Scale(query));
        return BackwardResults.Hand(
            grad_output,
            gradient.matmul(key),
            gradient.transpose(2, 3).matmul(query),
            valueGradient
        );
    }

    /// <returns>Attention weights, <c>[B, h, n, m]</c>.</returns>
    public static Tensor Weights(Tensor query, Tensor key) =>
        query.Times(Scale(query)).matmul(key.transpose(2, 3)).softmax(-1);

    private static double Scale(Tensor query) => Math.Pow(query.size(3), -0.5);
}
