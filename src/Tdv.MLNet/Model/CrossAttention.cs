using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>Multi-head attention from motion tokens to the tokens of the frame they start from.</summary>
internal sealed class CrossAttention : nn.Module
{
    private readonly int _heads;

    [ComponentName(Name = "q")]
    private readonly Linear _query;

    [ComponentName(Name = "kv")]
    private readonly Linear _keyValue;

    [ComponentName(Name = "proj")]
    private readonly Linear _projection;

    public CrossAttention(NetworkOptions options, Initialization init)
        : base(nameof(CrossAttention))
    {
        _heads = options.Heads;
        _query = init.Linear(options.Dimension, options.Dimension);
        _keyValue = init.Linear(options.Dimension, 2 * options.Dimension);
        _projection = init.Linear(options.Dimension, options.Dimension);
        RegisterComponents();
    }

    /// <param name="norm">Applied to the tokens first.</param>
    /// <param name="tokens"><c>[B, n, D]</c></param>
    /// <param name="condition"><c>[B, m, D]</c>, used as it is: neither normalized again nor detached.</param>
    public Tensor Forward(LayerNorm norm, Tensor tokens, Tensor condition)
    {
        long batch = tokens.size(0);
        long width = tokens.size(2) / _heads;
        var query = RecomputedLinear
            .Of(_query, norm, tokens)
            .view(batch, tokens.size(1), _heads, width)
            .transpose(1, 2);
        var keyValue = _keyValue
            .Apply(condition)
            .view(batch, condition.size(1), 2, _heads, width)
            .permute(2, 0, 3, 1, 4);
        var mixed = AttentionProduct.Of(query, keyValue.select(0, 0), keyValue.select(0, 1));
        return _projection.Apply(mixed.transpose(1, 2).reshape(tokens.shape));
    }
}
