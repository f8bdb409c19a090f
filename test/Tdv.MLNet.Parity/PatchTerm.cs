using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>The cross entropy of the patches with a head, a center or both of its own (reference §5, §6).</summary>
internal sealed class PatchTerm : IDisposable
{
    private readonly ProjectionHead _head;
    private readonly ProjectionHead _teacherHead;
    private readonly Distillation _distillation;
    private readonly double _weight;
    private readonly bool _ownsHeads;

    public PatchTerm(TrainingState state, RecipeFlags flags, ScalarType type)
    {
        using var init = new Initialization(0);
        _ownsHeads = flags.HasPatchHead;
        _head = _ownsHeads ? new ProjectionHead(state.Network.Options, init) : state.Head;
        _teacherHead = _ownsHeads ? new ProjectionHead(state.Network.Options, init) : state.TeacherHead;
        _head.to(type);
        _teacherHead.to(type);
        var options = flags.HasPatchCenter ? flags.PatchDistillation : flags.Objective.Distillation;
        string center = flags.HasPatchCenter ? "ibot_cce_loss.center" : "dino_cce_loss.center";
        var values = state.NamedTensors().Single(entry => entry.Name == center).Tensor;
        _distillation = new Distillation(new Center(values, options.CenterMomentum), options);
        _weight = flags.PatchWeight;
    }

    /// <summary>The parameters of its own by official name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() =>
        _ownsHeads ? [.. Named("ibot_head", _head), .. Named("teacher_ibot_head", _teacherHead)] : [];

    /// <summary>Adds the term to losses without one, and its gradient to that with respect to the prediction.</summary>
    public StepLosses AddTo(StepLosses losses, Tensor gradient, Prediction prediction)
    {
        long patches = gradient.size(1) - 1;
        var leaf = prediction.Next.detach().requires_grad_(true);
        var target = prediction.Target.narrow(1, 1, patches).flatten(0, 1);
        var loss = _distillation.Backward(
            leaf.narrow(1, 1, patches).flatten(0, 1),
            _head,
            target,
            _teacherHead,
            _weight
        );
        gradient.Add_(leaf.grad!);
        return losses with { Patch = loss, Total = losses.Total + (loss * _weight) };
    }

    public void Dispose()
    {
        if (_ownsHeads)
        {
            _head.Dispose();
            _teacherHead.Dispose();
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Named(string prefix, nn.Module module) =>
        module.named_parameters().Select(p => ($"{prefix}.{p.name}", (Tensor)p.parameter));
}
