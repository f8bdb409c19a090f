using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>The frame encoder: a plain vision transformer (reference §2).</summary>
internal sealed class VisionTransformer : TokenEmbedding
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<ModuleList<Block>> _blocks;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    public VisionTransformer(NetworkOptions options, Initialization init)
        : base(nameof(VisionTransformer), options, options.Registers, init)
    {
        // Official names have all blocks in one chunk: blocks.0.<i>.
        var blocks = Enumerable.Range(0, options.Depth).Select(_ => new Block(options, init));
        _blocks = new ModuleList<ModuleList<Block>>(new ModuleList<Block>([.. blocks]));
        _norm = Norm.Create(options.Dimension);
        RegisterComponents();
    }

    /// <param name="images">Normalized RGB, <c>[B, 3, H, W]</c>.</param>
    /// <returns>The normed tokens, CLS first, <c>[B, 1+N, D]</c>.</returns>
    public Tensor Forward(Tensor images) => Forward(images, [Options.Depth])[0];

    /// <param name="images">Normalized RGB, <c>[B, 3, H, W]</c>.</param>
    /// <param name="layers">Blocks counted from 1, ascending.</param>
    /// <returns>The normed tokens after each of these blocks, <c>[B, 1+N, D]</c> each.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor images, IReadOnlyList<int> layers)
    {
        var outputs = new List<Tensor>(layers.Count);
        var tokens = Embed(images);
        for (int block = 0; block < layers[^1]; block++)
        {
            tokens = _blocks[0][block].call(tokens);
            if (layers.Contains(block + 1))
            {
                outputs.Add(WithoutRegisters(_norm.call(tokens)));
            }
        }

        return outputs;
    }

    /// <param name="images">Normalized RGB, <c>[B, 3, H, W]</c>.</param>
    /// <returns>The last block's attention of CLS to each patch, <c>[B, heads, N]</c>.</returns>
    public Tensor ClsAttention(Tensor images)
    {
        var tokens = Embed(images);
        for (int block = 0; block < Options.Depth - 1; block++)
        {
            tokens = _blocks[0][block].call(tokens);
        }

        var weights = _blocks[0][Options.Depth - 1].ClsAttention(tokens);
        int others = 1 + Options.Registers;
        return weights.narrow(2, others, weights.size(2) - others);
    }

    private Tensor WithoutRegisters(Tensor tokens)
    {
        int registers = Options.Registers;
        return registers == 0
            ? tokens
            : cat([tokens.narrow(1, 0, 1), tokens.narrow(1, 1 + registers, tokens.size(1) - 1 - registers)], 1);
    }
}
