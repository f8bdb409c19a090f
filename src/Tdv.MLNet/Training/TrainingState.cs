using Tdv.MLNet.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>Everything that training changes: student, teacher, heads and centers.</summary>
internal sealed class TrainingState : IDisposable
{
    /// <param name="separatePatchHead">Heads and a center for patches alone, for ablation.</param>
    public TrainingState(NetworkOptions options, long seed, bool separatePatchHead = false)
    {
        // The order is the official code's order of construction.
        using var init = new Initialization(seed);
        Network = new TdvNetwork(options, init);
        Head = new ProjectionHead(options, init);
        PatchHead = separatePatchHead ? new ProjectionHead(options, init) : Head;
        TeacherEncoder = new VisionTransformer(options, init);
        TeacherHead = new ProjectionHead(options, init);
        TeacherPatchHead = separatePatchHead ? new ProjectionHead(options, init) : TeacherHead;
        Center = zeros(1, 1, options.Prototypes).DetachFromDisposeScope();
        PatchCenter = zeros(1, 1, options.Prototypes).DetachFromDisposeScope();
        ReconstructionCenter = zeros(1, 1, options.Dimension).DetachFromDisposeScope();
        ResetTeacherEncoder();
        foreach (var parameter in TeacherParameters())
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

    /// <summary><c>[1, 1, D]</c>; no loss uses it, but an official checkpoint has it.</summary>
    public Tensor ReconstructionCenter { get; private set; }

    /// <summary>The parameters that have a teacher, in the teacher's order.</summary>
    /// <param name="frozen">Without those of the frame encoder, which stay as they are.</param>
    public IEnumerable<Parameter> TaughtParameters(bool frozen = false) => Parameters(student: true, frozen);

    /// <inheritdoc cref="TaughtParameters"/>
    public IEnumerable<Parameter> TeacherParameters(bool frozen = false) => Parameters(student: false, frozen);

    /// <summary>Every tensor with its official name: the layout of an official checkpoint.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() =>
        Network
            .NamedTensors()
            .Concat(Modules(student: true).Skip(1).Concat(Modules(student: false)).SelectMany(Named))
            .Append(("recon_loss.center", ReconstructionCenter))
            .Append(("dino_cce_loss.center", Center))
            .Append(("ibot_cce_loss.center", PatchCenter));

    /// <summary>Makes the teacher's frame encoder a copy of the student's.</summary>
    public void ResetTeacherEncoder()
    {
        using var gradients = no_grad();
        foreach (var (teacher, student) in TeacherEncoder.parameters().Zip(Network.FrameEncoder.parameters()))
        {
            teacher.copy_(student);
        }
    }

    /// <summary>Moves everything. Before a trainer takes hold of the parameters, never after.</summary>
    public void To(Device device, ScalarType type = ScalarType.Float32)
    {
        Network.to(device, type);
        foreach (var (_, module) in Modules(student: true).Skip(1).Concat(Modules(student: false)))
        {
            module.to(device, type);
        }

        Center = Center.to(type, device).DetachFromDisposeScope();
        PatchCenter = PatchCenter.to(type, device).DetachFromDisposeScope();
        ReconstructionCenter = ReconstructionCenter.to(type, device).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Network.Dispose();
        foreach (var (_, module) in Modules(student: true).Skip(1).Concat(Modules(student: false)))
        {
            module.Dispose();
        }

        Center.Dispose();
        PatchCenter.Dispose();
        ReconstructionCenter.Dispose();
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Named((string Prefix, nn.Module Module) part) =>
        part.Module.named_parameters().Select(p => ($"{part.Prefix}.{p.name}", (Tensor)p.parameter));

    private IEnumerable<Parameter> Parameters(bool student, bool frozen) =>
        Modules(student).Skip(frozen ? 1 : 0).SelectMany(part => part.Module.parameters());

    /// <summary>The frame encoder, then the heads.</summary>
    private IEnumerable<(string Name, nn.Module Module)> Modules(bool student)
    {
        string prefix = student ? "" : "teacher_";
        yield return ($"{prefix}frame_encoder", student ? Network.FrameEncoder : TeacherEncoder);
        yield return ($"{prefix}dino_head", student ? Head : TeacherHead);
        if (!ReferenceEquals(Head, PatchHead))
        {
            yield return ($"{prefix}ibot_head", student ? PatchHead : TeacherPatchHead);
        }
    }
}
