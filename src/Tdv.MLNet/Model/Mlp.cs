using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>Two linear layers with an exact GELU between, four times as wide inside.</summary>
internal sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;
    private readonly Linear _expand;
    private readonly Linear _contract;

    public Mlp(int dimension, Initialization init)
        : base(nameof(Mlp))
    {
        _expand = init.Linear(dimension, Expansion * dimension);
        _contract = init.Linear(Expansion * dimension, dimension);
        register_module("fc1", _expand);
        register_module("fc2", _contract);
    }

    /// <param name="tokens"><c>[B, n, D]</c></param>
    public override Tensor forward(Tensor tokens) => _contract.call(nn.functional.gelu(_expand.call(tokens)));
}
