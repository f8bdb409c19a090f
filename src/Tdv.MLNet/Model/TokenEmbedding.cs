using Tdv.MLNet.Torch;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// The part that both encoders begin with: patches, the CLS token before them, and a learned position for each,
/// resized when the image has another size than the stored one (reference §2).
/// </summary>
internal abstract class TokenEmbedding : nn.Module
{
    /// <summary>The official code adds 0.1 to the grid before dividing, and its weights were trained with that.</summary>
    public const double InterpolationOffset = 0.1;

    [ComponentName(Name = "patch_embed")]
    private readonly PatchEmbed _patchEmbed;

    [ComponentName(Name = "cls_token")]
    private readonly Parameter _cls;

    [ComponentName(Name = "pos_embed")]
    private readonly Parameter _position;

    [ComponentName(Name = "register_tokens")]
    private readonly Parameter? _registers;

    protected TokenEmbedding(string name, NetworkOptions options, int registers, Initialization init)
        : base(name)
    {
        Options = options;
        _patchEmbed = new PatchEmbed(options.PatchSize, options.Dimension, init);
        _cls = init.Normal(1e-6, 1, 1, options.Dimension);
        _position = init.Position(1 + (options.Grid * options.Grid), options.Dimension);
        if (registers > 0)
        {
            _registers = init.Normal(1e-6, 1, registers, options.Dimension);
        }
    }

    protected NetworkOptions Options { get; }

    /// <param name="images"><c>[B, 3, H, W]</c></param>
    /// <returns><c>[B, 1+R+N, D]</c>: CLS, registers, patches.</returns>
    protected Tensor Embed(Tensor images)
    {
        long batch = images.size(0);
        var patches = _patchEmbed.call(images);
        var tokens = cat([_cls.expand(batch, -1, -1), patches], 1);
        tokens = tokens.Plus(PositionFor(images.size(2), images.size(3)).to_type(tokens.dtype));
        if (_registers is not null)
        {
            var registers = _registers.expand(batch, -1, -1);
            tokens = cat([tokens.narrow(1, 0, 1), registers, tokens.narrow(1, 1, tokens.size(1) - 1)], 1);
        }

        return tokens;
    }

    /// <summary>The position embedding for an image of that size, <c>[1, 1+N, D]</c>.</summary>
    internal Tensor PositionFor(long height, long width)
    {
        long rows = height / Options.PatchSize;
        long columns = width / Options.PatchSize;
        long stored = Options.Grid;
        if (height == width && rows * columns == stored * stored)
        {
            return _position;
        }

        var grid = _position
            .narrow(1, 1, stored * stored)
            .to_type(ScalarType.Float32)
            .view(1, stored, stored, Options.Dimension)
            .permute(0, 3, 1, 2);
        // DINOv2's weights with registers were trained with another resizing than those without.
        var resized = _registers is null ? Resize(grid, rows, columns) : AntialiasedBicubic.Resize(grid, rows, columns);
        var patches = resized.permute(0, 2, 3, 1).reshape(1, rows * columns, Options.Dimension);
        return cat([_position.narrow(1, 0, 1), patches.to_type(_position.dtype)], 1);
    }

    private static Tensor Resize(Tensor grid, long rows, long columns) =>
        nn.functional.interpolate(
            grid,
            scale_factor: [(rows + InterpolationOffset) / grid.size(2), (columns + InterpolationOffset) / grid.size(3)],
            mode: InterpolationMode.Bicubic,
            align_corners: false
        );
}
