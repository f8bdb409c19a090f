using Tdv.MLNet.Model;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>Everything that training changes: student, teacher, heads and centers.</summary>
internal sealed class TrainingState : IDisposable
{
    // No loss uses them, but an official checkpoint has them.
    private Tensor _patchCenter;
    private Tensor _reconstructionCenter;

    public TrainingState(NetworkOptions options, long seed)
    {
        // The order is the official code's order of construction.
        using var init = new Initialization(seed);
        Network = new TdvNetwork(options, init);
        Head = new ProjectionHead(options, init);
        TeacherEncoder = new VisionTransformer(options, init);
        TeacherHead = new ProjectionHead(options, init);
        Center = zeros(1, 1, options.Prototypes).DetachFromDisposeScope();
        _patchCenter = zeros(1, 1, options.Prototypes).DetachFromDisposeScope();
        _reconstructionCenter = zeros(1, 1, options.Dimension).DetachFromDisposeScope();
        ResetTeacherEncoder();
        foreach (var parameter in TeacherParameters())
        {
            parameter.requires_grad = false;
        }
    }

    public TdvNetwork Network { get; }

    public ProjectionHead Head { get; }

    public VisionTransformer TeacherEncoder { get; }

    /// <summary>Not a copy of the student's: the official code initializes it on its own.</summary>
    public ProjectionHead TeacherHead { get; }

    /// <summary>Of CLS and patches alike, <c>[1, 1, K]</c>.</summary>
    public Tensor Center { get; private set; }

    /// <summary>The parameters that have a teacher, in the teacher's order.</summary>
    /// <param name="frozen">Without those of the frame encoder, which stay as they are.</param>
    public IEnumerable<Parameter> TaughtParameters(bool frozen = false) =>
        Parameters(Network.FrameEncoder, Head, frozen);

    /// <inheritdoc cref="TaughtParameters"/>
    public IEnumerable<Parameter> TeacherParameters(bool frozen = false) =>
        Parameters(TeacherEncoder, TeacherHead, frozen);

    /// <summary>Every tensor with its official name: the layout of an official checkpoint.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() =>
        Network
            .NamedTensors()
            .Concat(Named("dino_head", Head))
            .Concat(Named("teacher_frame_encoder", TeacherEncoder))
            .Concat(Named("teacher_dino_head", TeacherHead))
            .Append(("recon_loss.center", _reconstructionCenter))
            .Append(("dino_cce_loss.center", Center))
            .Append(("ibot_cce_loss.center", _patchCenter));

    /// <summary>Makes the teacher's frame encoder a copy of the student's.</summary>
    public void ResetTeacherEncoder()
    {
        using var gradients = no_grad();
        foreach (var (teacher, student) in TeacherEncoder.parameters().Zip(Network.FrameEncoder.parameters()))
        {
            teacher.copy_(student);
        }
    }

    /// <summary>The student's frame encoder as it is now, on its device; the caller disposes of it.</summary>
    public VisionTransformer CloneFrameEncoder()
    {
        using var gradients = no_grad();
        using var init = new Initialization(seed: 0);
        var clone = new VisionTransformer(Network.Options, init);
        var first = Network.FrameEncoder.parameters().First();
        clone.to(first.device, first.dtype);
        foreach (var (copy, original) in clone.parameters().Zip(Network.FrameEncoder.parameters()))
        {
            copy.copy_(original);
            copy.requires_grad = false;
        }

        return clone;
    }

    /// <summary>Moves everything. Before a trainer takes hold of the parameters, never after.</summary>
    public void To(Device device, ScalarType type = ScalarType.Float32)
    {
        foreach (var module in Modules)
        {
            module.to(device, type);
        }

        Center = Center.to(type, device).DetachFromDisposeScope();
        _patchCenter = _patchCenter.to(type, device).DetachFromDisposeScope();
        _reconstructionCenter = _reconstructionCenter.to(type, device).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[.. Modules, Center, _patchCenter, _reconstructionCenter])
        {
            part.Dispose();
        }
    }

    private nn.Module[] Modules => [Network, Head, TeacherEncoder, TeacherHead];

    private static IEnumerable<(string Name, Tensor Tensor)> Named(string prefix, nn.Module module) =>
        module.named_parameters().Select(p => ($"{prefix}.{p.name}", (Tensor)p.parameter));

    private static IEnumerable<Parameter> Parameters(nn.Module encoder, nn.Module head, bool frozen) =>
        frozen ? head.parameters() : encoder.parameters().Concat(head.parameters());
}
