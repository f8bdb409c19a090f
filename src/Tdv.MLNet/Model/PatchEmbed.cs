using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>Cuts an image into patches and maps each linearly: a convolution whose stride is its kernel size.</summary>
internal sealed class PatchEmbed : nn.Module<Tensor, Tensor>
{
    private readonly int _patch;

    [ComponentName(Name = "proj")]
    private readonly Projection _projection;

    public PatchEmbed(int patch, int dimension, Initialization init)
        : base(nameof(PatchEmbed))
    {
        _patch = patch;
        _projection = new Projection(patch, dimension, init);
        RegisterComponents();
    }

    /// <param name="images"><c>[B, 3, H, W]</c>, height and width multiples of the patch size.</param>
    /// <returns><c>[B, N, D]</c>, rows of patches outer, columns inner.</returns>
    public override Tensor forward(Tensor images)
    {
        long batch = images.size(0);
        long rows = images.size(2) / _patch;
        long columns = images.size(3) / _patch;
        var patches = images
            .view(batch, 3, rows, _patch, columns, _patch)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(batch, rows * columns, 3 * _patch * _patch);
        return MixedPrecision.Linear(patches, _projection.Weight.flatten(1), _projection.Bias);
    }

    /// <summary>The parameters, in the shape and with the names of the official convolution.</summary>
    private sealed class Projection : nn.Module
    {
        public Projection(int patch, int dimension, Initialization init)
            : base(nameof(Projection))
        {
            double bound = 1 / Math.Sqrt(3 * patch * patch);
            Weight = init.Uniform(bound, dimension, 3, patch, patch);
            Bias = init.Uniform(bound, dimension);
            RegisterComponents();
        }

        [field: ComponentName(Name = "weight")]
        public Parameter Weight { get; }

        [field: ComponentName(Name = "bias")]
        public Parameter Bias { get; }
    }
}
