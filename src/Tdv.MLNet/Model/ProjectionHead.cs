using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// The projection onto prototypes (reference §5): an MLP to a bottleneck on the unit sphere, then a weight-normalized
/// linear layer without bias. The two halves are apart because the loss multiplies them chunk by chunk.
/// </summary>
internal sealed class ProjectionHead : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "mlp")]
    private readonly Layers _mlp;

    [ComponentName(Name = "last_layer")]
    private readonly PrototypeLayer _prototypes;

    public ProjectionHead(NetworkOptions options, Initialization init)
        : base(nameof(ProjectionHead))
    {
        _mlp = new Layers(options, init);
        _prototypes = new PrototypeLayer(options.Prototypes, options.HeadBottleneck, init);
        RegisterComponents();
    }

    /// <param name="tokens"><c>[n, D]</c></param>
    /// <returns>Unit vectors, <c>[n, bottleneck]</c>.</returns>
    public Tensor Bottleneck(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return nn
            .functional.normalize(_mlp.call(tokens).to_type(tokens.dtype), dim: -1, eps: 1e-12)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The weight-normalized prototypes, <c>[K, bottleneck]</c>.</summary>
    public Tensor Prototypes() => _prototypes.Weight();

    /// <returns>Logits, <c>[n, K]</c>.</returns>
    public override Tensor forward(Tensor tokens) => Bottleneck(tokens).matmul(Prototypes().t());

    /// <summary>Three linear layers with exact GELUs between; official names count the GELUs too.</summary>
    private sealed class Layers : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "0")]
        private readonly Linear _first;

        [ComponentName(Name = "2")]
        private readonly Linear _second;

        [ComponentName(Name = "4")]
        private readonly Linear _third;

        public Layers(NetworkOptions options, Initialization init)
            : base(nameof(Layers))
        {
            _first = init.Linear(options.Dimension, options.HeadHidden);
            _second = init.Linear(options.HeadHidden, options.HeadHidden);
            _third = init.Linear(options.HeadHidden, options.HeadBottleneck);
            RegisterComponents();
        }

        public override Tensor forward(Tensor tokens)
        {
            var hidden = nn.functional.gelu(_first.Apply(tokens));
            hidden = nn.functional.gelu(_second.Apply(hidden));
            return _third.Apply(hidden);
        }
    }

    /// <summary>Row k is <c>g_k · v_k / ‖v_k‖</c>; both are parameters of their own.</summary>
    private sealed class PrototypeLayer : nn.Module
    {
        [ComponentName(Name = "weight_g")]
        private readonly Parameter _length;

        [ComponentName(Name = "weight_v")]
        private readonly Parameter _direction;

        public PrototypeLayer(int prototypes, int bottleneck, Initialization init)
            : base(nameof(PrototypeLayer))
        {
            _length = new Parameter(ones(prototypes, 1));
            _direction = init.Uniform(1 / Math.Sqrt(bottleneck), prototypes, bottleneck);
            RegisterComponents();
        }

        public Tensor Weight()
        {
            using var scope = NewDisposeScope();
            return (_direction * (_length / _direction.norm(1, keepdim: true))).MoveToOuterDisposeScope();
        }
    }
}
