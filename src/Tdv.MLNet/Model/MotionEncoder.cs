using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>The motion encoder: a transformer over the difference of two frames that attends to the first (reference §3).</summary>
internal sealed class MotionEncoder : TokenEmbedding
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<ModuleList<MotionBlock>> _blocks;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    public MotionEncoder(NetworkOptions options, Initialization init)
        : base(nameof(MotionEncoder), options with { ImageSize = options.TrainingSize }, 0, init)
    {
        var blocks = Enumerable.Range(0, options.MotionDepth).Select(_ => new MotionBlock(options, init));
        _blocks = new ModuleList<ModuleList<MotionBlock>>(new ModuleList<MotionBlock>([.. blocks]));
        _norm = Norm.Create(options.Dimension);
        RegisterComponents();
    }

    /// <param name="difference">Next frame minus this one, both normalized, <c>[B, 3, H, W]</c>.</param>
    /// <param name="frame">The frame encoder's tokens of this frame, <c>[B, 1+N, D]</c>.</param>
    /// <returns>Normed motion tokens, <c>[B, 1+N, D]</c>.</returns>
    public Tensor Forward(Tensor difference, Tensor frame)
    {
        var condition = Options.AttendCls ? frame : frame.narrow(1, 1, frame.size(1) - 1);
        var tokens = Embed(difference);
        foreach (var block in _blocks[0])
        {
            tokens = block.call(tokens, condition);
        }

        return _norm.call(tokens);
    }
}
