using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// Rotary position embedding over the patch grid (reference §2, "RoPE variant"): the first part of each head turns
/// with the patch's row, the next with its column, the rest and the CLS token stay. For ablation alone.
/// </summary>
internal sealed class RotaryPosition
{
    public const double Base = 500;
    private readonly int _grid;
    private readonly int _part;

    /// <param name="grid">Patches along each edge.</param>
    /// <param name="headDimension">Width d of one head.</param>
    public RotaryPosition(int grid, int headDimension)
    {
        _grid = grid;
        _part = PartOf(headDimension);
    }

    /// <summary>Width of the part of a head that turns with the row, and of that which turns with the column.</summary>
    public static int PartOf(int headDimension) => 2 * (headDimension / 2 / 2);

    /// <param name="heads"><c>[B, h, 1+N, d]</c></param>
    public Tensor Rotate(Tensor heads)
    {
        long patches = heads.size(2) - 1;
        var cls = heads.narrow(2, 0, 1);
        var rest = heads.narrow(2, 1, patches);
        var index = arange(_grid, ScalarType.Float32, heads.device);
        var rows = index.repeat_interleave(_grid);
        var columns = index.repeat(_grid);
        var turned = cat(
            [
                Turn(rest.narrow(3, 0, _part), rows),
                Turn(rest.narrow(3, _part, _part), columns),
                rest.narrow(3, 2 * _part, heads.size(3) - (2 * _part)),
            ],
            3
        );
        return cat([cls, turned], 2);
    }

    private Tensor Turn(Tensor chunk, Tensor positions)
    {
        var exponent = arange(0, _part, 2, ScalarType.Float32, chunk.device) * (-1.0 / _part);
        var frequency = pow(tensor((float)Base, device: chunk.device), exponent);
        var angle = positions.unsqueeze(1) * frequency.unsqueeze(0);
        var cosine = angle.cos().to_type(chunk.dtype);
        var sine = angle.sin().to_type(chunk.dtype);
        var pairs = chunk.unflatten(3, [_part / 2, 2]);
        var a = pairs.select(4, 0);
        var b = pairs.select(4, 1);
        return stack([(a * cosine) - (b * sine), (b * cosine) + (a * sine)], 4).flatten(3);
    }
}
