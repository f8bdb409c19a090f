using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>
/// The official objective with all its variants (reference §4, §11), over the product's own: of a variant, only what it
/// changes is written out here.
/// </summary>
internal sealed class ReferenceObjective : IDisposable
{
    private readonly TrainingState _state;
    private readonly RecipeFlags _flags;
    private readonly TdvObjective _objective;
    private readonly PatchTerm? _patches;

    public ReferenceObjective(TrainingState state, RecipeFlags flags, ScalarType type)
    {
        _state = state;
        _flags = flags;
        _patches = flags.HasPatchHead || flags.HasPatchCenter ? new PatchTerm(state, flags, type) : null;
        _objective = new TdvObjective(
            state,
            _patches is null ? flags.Objective : flags.Objective with { PatchWeight = 0 }
        );
    }

    /// <summary>Everything by official name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedTensors() =>
        _state.NamedTensors().Concat(_patches?.NamedTensors() ?? []);

    /// <summary>One forward and backward pass.</summary>
    /// <param name="clip">Normalized frames, <c>[B, 1+S, 3, H, W]</c>.</param>
    public StepLosses Backward(Tensor clip)
    {
        var prediction = Predict(clip);
        var (losses, gradient) = _objective.Distill(prediction, scale: 1);
        losses = _patches?.AddTo(losses, gradient, prediction) ?? losses;
        prediction.Next.backward([gradient]);
        return losses;
    }

    public void Dispose() => _patches?.Dispose();

    private Prediction Predict(Tensor clip)
    {
        long pairs = clip.size(1) - 1;
        var previous = clip.narrow(1, 0, pairs).flatten(0, 1);
        var next = clip.narrow(1, 1, pairs).flatten(0, 1);
        if (_flags is { IsRotary: false, FullFrame: false, Rollout: 1 })
        {
            return _objective.Predict(previous, next);
        }

        var network = _state.Network;
        var frame = Encode(network.FrameEncoder, previous);
        Tensor target;
        using (no_grad())
        {
            target = Encode(_state.TeacherEncoder, next);
        }

        var motion = EncodeMotion(_flags.FullFrame ? next : next - previous, frame);
        return RollOut(clip.size(0), new Prediction(frame, target, motion));
    }

    private Tensor Encode(VisionTransformer encoder, Tensor images) =>
        _flags.IsRotary
            ? new RotaryEncoder(encoder, _state.Network.Options.Heads).Forward(images)[^1]
            : encoder.Forward(images);

    private Tensor EncodeMotion(Tensor difference, Tensor frame)
    {
        var network = _state.Network;
        if (!_flags.IsRotary)
        {
            return network.EncodeMotion(difference, frame);
        }

        var projection = (Linear)network.named_children().Single(child => child.name == "linear_fc").module;
        var encoder = new RotaryEncoder(network.MotionEncoder!, network.Options.Heads);
        return projection.call(encoder.Forward(difference, frame)[^1]);
    }

    /// <summary>Sums the motion of several pairs before it is compared with the last one's target.</summary>
    /// <param name="pairs">In place of the prediction, the motion; of <paramref name="batch"/> clips, <c>[B·S, 1+N, D]</c>.</param>
    private Prediction RollOut(long batch, Prediction pairs)
    {
        long steps = _flags.Rollout;
        var frame = pairs.Frame.unflatten(0, [batch, -1]);
        var sums = pairs.Next.unflatten(0, [batch, -1]).cumsum(1);
        long starts = sums.size(1) - steps + 1;
        var before = cat([zeros_like(sums.narrow(1, 0, 1)), sums.narrow(1, 0, starts - 1)], 1);
        var start = frame.narrow(1, 0, starts).flatten(0, 1);
        var motion = (sums.narrow(1, steps - 1, starts) - before).flatten(0, 1);
        var target = pairs.Target.unflatten(0, [batch, -1]).narrow(1, steps - 1, starts).flatten(0, 1);
        return new Prediction(start, target, start + motion);
    }
}
