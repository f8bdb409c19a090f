using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>A pre-norm transformer block of the frame encoder.</summary>
internal sealed class Block : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm _norm1;
    private readonly Attention _attention;
    private readonly LayerScale? _scale1;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;
    private readonly LayerScale? _scale2;

    public Block(NetworkOptions options, Initialization init)
        : base(nameof(Block))
    {
        _norm1 = Norm.Create(options.Dimension);
        _attention = new Attention(options, init);
        _norm2 = Norm.Create(options.Dimension);
        _mlp = new Mlp(options.Dimension, init);
        register_module("norm1", _norm1);
        register_module("attn", _attention);
        register_module("norm2", _norm2);
        register_module("mlp", _mlp);
        if (options.LayerScale)
        {
            _scale1 = new LayerScale(options.Dimension);
            _scale2 = new LayerScale(options.Dimension);
            register_module("ls1", _scale1);
            register_module("ls2", _scale2);
        }
    }

    /// <param name="tokens"><c>[B, n, D]</c></param>
    public override Tensor forward(Tensor tokens)
    {
        tokens += Scale(_scale1, _attention.call(_norm1.call(tokens)));
        return tokens + Scale(_scale2, _mlp.call(_norm2.call(tokens)));
    }

    private static Tensor Scale(LayerScale? scale, Tensor branch) => scale is null ? branch : scale.call(branch);
}
