using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>A learned factor for each channel (DINOv2).</summary>
internal sealed class LayerScale : nn.Module<Tensor, Tensor>
{
    private const double Start = 1e-5;

    [ComponentName(Name = "gamma")]
    private readonly Parameter _gamma;

    public LayerScale(int dimension)
        : base(nameof(LayerScale))
    {
        _gamma = new Parameter(ones(dimension).Times(Start));
        RegisterComponents();
    }

    /// <param name="tokens"><c>[B, n, D]</c></param>
    public override Tensor forward(Tensor tokens) => tokens * _gamma;
}
