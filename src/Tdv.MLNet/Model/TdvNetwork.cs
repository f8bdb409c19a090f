using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// Frame encoder and motion encoder with the projection behind it: all that features need. Parameters bear the
/// official names.
/// </summary>
internal sealed class TdvNetwork : nn.Module
{
    [ComponentName(Name = "linear_fc")]
    private readonly Linear? _projection;

    public TdvNetwork(NetworkOptions options, Initialization init)
        : base(nameof(TdvNetwork))
    {
        Options = options;
        FrameEncoder = new VisionTransformer(options, init);
        if (options.MotionDepth > 0)
        {
            MotionEncoder = new MotionEncoder(options, init);
            _projection = init.DefaultLinear(options.Dimension, options.Dimension);
        }

        RegisterComponents();
    }

    public NetworkOptions Options { get; }

    [field: ComponentName(Name = "frame_encoder")]
    public VisionTransformer FrameEncoder { get; }

    [field: ComponentName(Name = "motion_encoder")]
    public MotionEncoder? MotionEncoder { get; }

    /// <summary>Encodes what happens between two frames.</summary>
    /// <param name="difference">Next frame minus this one, both normalized, <c>[B, 3, H, W]</c>.</param>
    /// <param name="frame">This frame's tokens, <c>[B, 1+N, D]</c>.</param>
    /// <returns>Δz, <c>[B, 1+N, D]</c>, such that frame + Δz predicts the next frame's tokens.</returns>
    public Tensor EncodeMotion(Tensor difference, Tensor frame) =>
        _projection!.Apply(MotionEncoder!.Forward(difference, frame));

    /// <summary>Every parameter with its official name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() =>
        named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter));

    /// <summary>The parameters of the frame encoder.</summary>
    public IEnumerable<Parameter> FrameParameters => FrameEncoder.parameters();

    /// <summary>The parameters of the motion encoder and the projection behind it.</summary>
    public IEnumerable<Parameter> MotionParameters =>
        MotionEncoder is null ? [] : MotionEncoder.parameters().Concat(_projection!.parameters());
}
