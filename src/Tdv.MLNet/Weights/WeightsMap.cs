using Tdv.MLNet.Model;

namespace Tdv.MLNet.Weights;

/// <summary>How the tensors of a file make a network of ours.</summary>
/// <param name="IsTdv">Whether it is TDV's network, by its official names; else a vision transformer alone, by those of DINO and DINOv2.</param>
/// <param name="Options">
/// The network's dimensions as the tensors' shapes tell them. What shapes cannot tell is a convention or a default:
/// heads are 64 wide, <see cref="NetworkOptions.AttendCls"/> is true.
/// </param>
/// <param name="Names">The file's name of each tensor of ours.</param>
/// <param name="Ignored">The file's tensors that are of no use here.</param>
internal sealed record WeightsMap(
    bool IsTdv,
    NetworkOptions Options,
    IReadOnlyDictionary<string, string> Names,
    IReadOnlyList<string> Ignored
)
{
    /// <summary>Whether the motion encoder and the projection behind it are there.</summary>
    public bool HasMotionEncoder => Options.MotionDepth > 0;

    /// <summary>Whether the teacher and both heads are there, so that training can go on.</summary>
    public bool HasTeacher =>
        Names.ContainsKey("teacher_frame_encoder.cls_token")
        && Names.ContainsKey("dino_head.mlp.0.weight")
        && Names.ContainsKey("teacher_dino_head.mlp.0.weight");
}
