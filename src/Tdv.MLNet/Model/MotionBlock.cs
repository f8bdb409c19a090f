using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>A pre-norm transformer block of the motion encoder: self-attention, attention to the frame, MLP.</summary>
internal sealed class MotionBlock : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _norm1;

    [ComponentName(Name = "self_attn")]
    private readonly Attention _selfAttention;

    [ComponentName(Name = "norm_cross_attn")]
    private readonly LayerNorm _normCross;

    [ComponentName(Name = "cross_attn")]
    private readonly CrossAttention _crossAttention;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _norm2;

    [ComponentName(Name = "mlp")]
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
        RegisterComponents();
    }

    /// <param name="tokens"><c>[B, n, D]</c></param>
    /// <param name="condition"><c>[B, m, D]</c></param>
    public override Tensor forward(Tensor tokens, Tensor condition)
    {
        using var scope = NewDisposeScope();
        tokens = tokens.Plus(_selfAttention.Forward(_norm1, tokens));
        tokens = tokens.Plus(_crossAttention.Forward(_normCross, tokens, condition));
        return tokens.Plus(_mlp.Forward(_norm2, tokens)).MoveToOuterDisposeScope();
    }
}
