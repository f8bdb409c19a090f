using Tdv.MLNet.Model;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>One forward pass of TorchSharp over some frames, each part computed when an output asks for it.</summary>
/// <param name="network">The network.</param>
/// <param name="layers">The blocks whose tokens are concatenated.</param>
/// <param name="frames">Normalized, float32, <c>[n, 3, H, W]</c>.</param>
/// <param name="previous">The frames before, likewise; null where no output needs them.</param>
/// <param name="type">What the network computes in.</param>
internal sealed class TorchPass(
    TdvNetwork network,
    IReadOnlyList<int> layers,
    Tensor frames,
    Tensor? previous,
    ScalarType type
)
{
    private Tensor? _tokens;

    /// <summary><c>[n, 1+N, layers·D]</c></summary>
    public Tensor Tokens => _tokens ??= Concatenated(network.FrameEncoder.Forward(Lower(frames), layers));

    /// <summary>Δz since the frames before, <c>[n, 1+N, D]</c>.</summary>
    public Tensor Motion =>
        // The difference of two lowered frames would lose what they share.
        network.EncodeMotion(Lower(frames - previous!), network.FrameEncoder.Forward(Lower(previous!)));

    /// <summary>Of CLS to the patches, <c>[n, heads, N]</c>.</summary>
    public Tensor Attention => network.FrameEncoder.ClsAttention(Lower(frames));

    /// <summary>Without CLS, <c>[n, N, D]</c>.</summary>
    public static Tensor Patches(Tensor tokens) => tokens.narrow(1, 1, tokens.size(1) - 1);

    private static Tensor Concatenated(IReadOnlyList<Tensor> layers) =>
        layers.Count == 1 ? layers[0] : cat([.. layers], -1);

    private Tensor Lower(Tensor images) => type == ScalarType.Float32 ? images : images.to_type(type);
}
