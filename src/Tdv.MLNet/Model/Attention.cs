using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>Multi-head self-attention.</summary>
internal sealed class Attention : nn.Module
{
    private readonly int _heads;

    [ComponentName(Name = "qkv")]
    private readonly Linear _qkv;

    [ComponentName(Name = "proj")]
    private readonly Linear _projection;

    public Attention(NetworkOptions options, Initialization init)
        : base(nameof(Attention))
    {
        _heads = options.Heads;
        _qkv = init.Linear(options.Dimension, 3 * options.Dimension);
        _projection = init.Linear(options.Dimension, options.Dimension);
        RegisterComponents();
    }

    /// <param name="norm">Applied to the tokens first.</param>
    /// <param name="tokens"><c>[B, n, D]</c></param>
    public Tensor Forward(LayerNorm norm, Tensor tokens)
    {
        var qkv = Heads(norm, tokens);
        var mixed = AttentionProduct.Of(qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2));
        return _projection.Apply(mixed.transpose(1, 2).reshape(tokens.shape));
    }

    /// <summary>How the first token shares its attention.</summary>
    /// <param name="norm">Applied to the tokens first.</param>
    /// <param name="tokens"><c>[B, n, D]</c></param>
    /// <returns><c>[B, h, n]</c></returns>
    public Tensor Cls(LayerNorm norm, Tensor tokens)
    {
        var qkv = Heads(norm, tokens);
        return AttentionProduct.Weights(qkv.select(0, 0).narrow(2, 0, 1), qkv.select(0, 1)).select(2, 0);
    }

    /// <returns>Queries, keys and values, <c>[3, B, h, n, d]</c>.</returns>
    private Tensor Heads(LayerNorm norm, Tensor tokens) =>
        RecomputedLinear
            .Of(_qkv, norm, tokens)
            .view(tokens.size(0), tokens.size(1), 3, _heads, tokens.size(2) / _heads)
            .permute(2, 0, 3, 1, 4);
}
