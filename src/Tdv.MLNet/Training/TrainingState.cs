using Tdv.MLNet.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// Everything that training changes: student, teacher, heads and centers. Parameters and buffers bear the official
/// names, so that the state dictionary is a checkpoint in the official layout.
/// </summary>
internal sealed class TrainingState : nn.Module
{
    /// <param name="separatePatchHead">Heads and a center for patches alone, for ablation.</param>
    public TrainingState(NetworkOptions options, long seed, bool separatePatchHead = false)
        : base(nameof(TrainingState))
    {
        // The order is the official code's order of construction.
        using var init = new Initialization(seed);
        Network = new TdvNetwork(options, init);
        Head = new ProjectionHead(options, init);
        PatchHead = separatePatchHead ? new ProjectionHead(options, init) : Head;
        TeacherEncoder = new VisionTransformer(options, init);
        TeacherHead = new ProjectionHead(options, init);
        TeacherPatchHead = separatePatchHead ? new ProjectionHead(options, init) : TeacherHead;
        Center = zeros(1, 1, options.Prototypes);
        PatchCenter = zeros(1, 1, options.Prototypes);

        foreach (var (name, module) in Network.named_children())
        {
            register_module(name, module);
        }

        register_module("dino_head", Head);
        register_module("teacher_frame_encoder", TeacherEncoder);
        register_module("teacher_dino_head", TeacherHead);
        if (separatePatchHead)
        {
            register_module("ibot_head", PatchHead);
            register_module("teacher_ibot_head", TeacherPatchHead);
        }

        register_buffer("dino_cce_loss.center", Center);
        register_buffer("ibot_cce_loss.center", PatchCenter);
        TeacherEncoder.load_state_dict(Network.FrameEncoder.state_dict());
        foreach (var parameter in TeacherParameters)
        {
            parameter.requires_grad = false;
        }
    }

    public TdvNetwork Network { get; }

    public ProjectionHead Head { get; }

    public ProjectionHead PatchHead { get; }

    public VisionTransformer TeacherEncoder { get; }

    /// <summary>Not a copy of the student's: the official code initializes it on its own.</summary>
    public ProjectionHead TeacherHead { get; }

    public ProjectionHead TeacherPatchHead { get; }

    /// <summary><c>[1, 1, K]</c></summary>
    public Tensor Center { get; private set; }

    /// <summary><c>[1, 1, K]</c>; stays 0 when the patch term shares the CLS term's center.</summary>
    public Tensor PatchCenter { get; private set; }

    /// <summary>The parameters that have a teacher, in the teacher's order.</summary>
    public IEnumerable<Parameter> TaughtParameters =>
        Network.FrameEncoder.parameters().Concat(Head.parameters()).Concat(Own(PatchHead, Head));

    public IEnumerable<Parameter> TeacherParameters =>
        TeacherEncoder.parameters().Concat(TeacherHead.parameters()).Concat(Own(TeacherPatchHead, TeacherHead));

    private static IEnumerable<Parameter> Own(ProjectionHead head, ProjectionHead shared) =>
        ReferenceEquals(head, shared) ? [] : head.parameters();
}
