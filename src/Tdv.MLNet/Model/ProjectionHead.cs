using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// The projection onto prototypes (reference §5): an MLP to a bottleneck on the unit sphere, then a weight-normalized
/// linear layer without bias. The two halves are apart because the loss multiplies them chunk by chunk.
/// </summary>
internal sealed class ProjectionHead : nn.Module<Tensor, Tensor>
{
    private readonly Linear _first;
    private readonly Linear _second;
    private readonly Linear _third;
    private readonly PrototypeLayer _prototypes;

    public ProjectionHead(NetworkOptions options, Initialization init)
        : base(nameof(ProjectionHead))
    {
        _first = init.Linear(options.Dimension, options.HeadHidden);
        _second = init.Linear(options.HeadHidden, options.HeadHidden);
        _third = init.Linear(options.HeadHidden, options.HeadBottleneck);
        _prototypes = new PrototypeLayer(options.Prototypes, options.HeadBottleneck, init);
        // Official names number the layers of a sequence whose odd places are the GELUs.
        register_module("mlp", nn.Sequential(("0", _first), ("2", _second), ("4", _third)));
        register_module("last_layer", _prototypes);
    }

    /// <param name="tokens"><c>[n, D]</c></param>
    /// <returns>Unit vectors, <c>[n, bottleneck]</c>.</returns>
    public Tensor Bottleneck(Tensor tokens)
    {
        var hidden = nn.functional.gelu(_first.call(tokens));
        hidden = nn.functional.gelu(_second.call(hidden));
        return nn.functional.normalize(_third.call(hidden), dim: -1, eps: 1e-12);
    }

    /// <summary>The weight-normalized prototypes, <c>[K, bottleneck]</c>.</summary>
    public Tensor Prototypes() => _prototypes.Weight();

    /// <returns>Logits, <c>[n, K]</c>.</returns>
    public override Tensor forward(Tensor tokens) => Bottleneck(tokens).matmul(Prototypes().t());

    /// <summary>Row k is <c>g_k · v_k / ‖v_k‖</c>; both are parameters of their own.</summary>
    private sealed class PrototypeLayer : nn.Module
    {
        private readonly Parameter _length;
        private readonly Parameter _direction;

        public PrototypeLayer(int prototypes, int bottleneck, Initialization init)
            : base(nameof(PrototypeLayer))
        {
            _length = new Parameter(ones(prototypes, 1));
            _direction = init.Uniform(1 / Math.Sqrt(bottleneck), prototypes, bottleneck);
            register_parameter("weight_g", _length);
            register_parameter("weight_v", _direction);
        }

        public Tensor Weight() => _direction * (_length / _direction.norm(1, keepdim: true));
    }
}
