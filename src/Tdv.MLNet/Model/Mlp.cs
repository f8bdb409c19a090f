using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>Two linear layers with an exact GELU between, four times as wide inside.</summary>
internal sealed class Mlp : nn.Module
{
    private const int Expansion = 4;

    [ComponentName(Name = "fc1")]
    private readonly Linear _expand;

    [ComponentName(Name = "fc2")]
    private readonly Linear _contract;

    public Mlp(int dimension, Initialization init)
        : base(nameof(Mlp))
    {
        _expand = init.Linear(dimension, Expansion * dimension);
        _contract = init.Linear(Expansion * dimension, dimension);
        RegisterComponents();
    }

    /// <param name="norm">Applied to the tokens first.</param>
    /// <param name="tokens"><c>[B, n, D]</c></param>
    public Tensor Forward(LayerNorm norm, Tensor tokens) =>
        RecomputedLinear.OfGelu(_contract, RecomputedLinear.Of(_expand, norm, tokens));
}
