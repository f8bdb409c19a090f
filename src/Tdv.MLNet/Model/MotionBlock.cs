using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>A pre-norm transformer block of the motion encoder: self-attention, attention to the frame, MLP.</summary>
internal sealed class MotionBlock : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly LayerNorm _norm1;
    private readonly Attention _selfAttention;
    private readonly LayerNorm _normCross;
    private readonly CrossAttention _crossAttention;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;

    public MotionBlock(NetworkOptions options, Initialization init)
        : base(nameof(MotionBlock))
    {
        _norm1 = Norm.Create(options.Dimension);
        _selfAttention = new Attention(options, init);
        _normCross = Norm.Create(options.Dimension);
        _crossAttention = new CrossAttention(options, init);
        _norm2 = Norm.Create(options.Dimension);
        _mlp = new Mlp(options.Dimension, init);
        register_module("norm1", _norm1);
        register_module("self_attn", _selfAttention);
        register_module("norm_cross_attn", _normCross);
        register_module("cross_attn", _crossAttention);
        register_module("norm2", _norm2);
        register_module("mlp", _mlp);
    }

    /// <param name="tokens"><c>[B, n, D]</c></param>
    /// <param name="condition"><c>[B, m, D]</c></param>
    public override Tensor forward(Tensor tokens, Tensor condition)
    {
        tokens += _selfAttention.call(_norm1.call(tokens));
        tokens += _crossAttention.call(_normCross.call(tokens), condition);
        return tokens + _mlp.call(_norm2.call(tokens));
    }
}
