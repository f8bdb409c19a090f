using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>A pre-norm transformer block of the frame encoder.</summary>
internal sealed class Block : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _norm1;

    [ComponentName(Name = "attn")]
    private readonly Attention _attention;

    [ComponentName(Name = "ls1")]
    private readonly LayerScale? _scale1;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _norm2;

    [ComponentName(Name = "mlp")]
    private readonly Mlp _mlp;

    [ComponentName(Name = "ls2")]
    private readonly LayerScale? _scale2;

    public Block(NetworkOptions options, Initialization init)
        : base(nameof(Block))
    {
        _norm1 = Norm.Create(options.Dimension);
        _attention = new Attention(options, init);
        _norm2 = Norm.Create(options.Dimension);
        _mlp = new Mlp(options.Dimension, init);
        if (options.LayerScale)
        {
            _scale1 = new LayerScale(options.Dimension);
            _scale2 = new LayerScale(options.Dimension);
        }

        RegisterComponents();
    }

    /// <param name="tokens"><c>[B, n, D]</c></param>
    public override Tensor forward(Tensor tokens)
    {
        // What gradients do not need is freed here, not at the end of the step.
        using var scope = NewDisposeScope();
        tokens = tokens.Plus(Scale(_scale1, _attention.Forward(_norm1, tokens)));
        return tokens.Plus(Scale(_scale2, _mlp.Forward(_norm2, tokens))).MoveToOuterDisposeScope();
    }

    /// <param name="tokens"><c>[B, n, D]</c>, CLS first.</param>
    /// <returns>How CLS shares its attention among the tokens, <c>[B, heads, n]</c>.</returns>
    public Tensor ClsAttention(Tensor tokens) => _attention.Cls(_norm1, tokens);

    private static Tensor Scale(LayerScale? scale, Tensor branch) => scale is null ? branch : scale.call(branch);
}
