using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// TDV's objective: representation of this frame + encoded motion = representation of the next frame (reference §4, §6).
/// </summary>
internal sealed class TdvObjective
{
    private readonly TrainingState _state;
    private readonly ObjectiveOptions _options;
    private readonly Reconstruction _reconstruction;
    private readonly Distillation _clsTerm;
    private readonly Distillation _patchTerm;

    public TdvObjective(TrainingState state, ObjectiveOptions options)
    {
        _state = state;
        _options = options;
        _reconstruction = new Reconstruction(options.Reconstruction);
        _clsTerm = new Distillation(
            new Center(state.Center, options.Distillation.CenterMomentum),
            options.Distillation
        );
        _patchTerm = options.PatchDistillation is { } patch
            ? new Distillation(new Center(state.PatchCenter, patch.CenterMomentum), patch)
            : _clsTerm;
    }

    /// <summary>
    /// One forward and backward pass. Adds <paramref name="scale"/> times the loss's gradient to the gradients of the
    /// parameters; moves the centers.
    /// </summary>
    /// <param name="previous">Normalized frames t, <c>[B, S, 3, H, W]</c>.</param>
    /// <param name="next">Normalized frames t+1, <c>[B, S, 3, H, W]</c>.</param>
    /// <param name="scale">1, or 1 / accumulation.</param>
    /// <param name="afterForward">Runs once everything has been computed with the current teacher: its update.</param>
    public StepLosses Backward(Tensor previous, Tensor next, double scale = 1, Action? afterForward = null)
    {
        long batch = previous.size(0);
        var (frame, target, prediction) = Predict(previous, next);
        target = target.flatten(0, 1);

        // The loss's gradient with respect to the prediction is complete before the encoders' backward pass begins:
        // what the heads kept in memory is free by then.
        var leaf = prediction.detach().flatten(0, 1).requires_grad_(true);
        var (cls, patch) = Distill(leaf, target, scale);
        afterForward?.Invoke();
        using (no_grad())
        {
            var (mse, gradient) = _reconstruction.Evaluate(leaf, target, scale * _options.MseWeight);
            var copy = (frame.flatten(0, 1).narrow(0, 0, target.size(0)) - target).square().mean();
            var total = mse.Times(_options.MseWeight)
                .Plus(cls.Times(_options.ClsWeight))
                .Plus(patch.Times(_options.PatchWeight));
            if (leaf.grad is { } fromHeads)
            {
                gradient.Add(fromHeads);
            }

            prediction.backward([gradient.view(batch, -1, gradient.size(1), gradient.size(2))]);
            return new StepLosses(total, mse, cls, patch, copy);
        }
    }

    /// <returns>
    /// This frame, the teacher's next frame and its prediction, <c>[B, S', 1+N, D]</c>; S' = S − rollout + 1.
    /// </returns>
    private (Tensor Frame, Tensor Target, Tensor Prediction) Predict(Tensor previous, Tensor next)
    {
        long batch = previous.size(0);
        long pairs = previous.size(1);
        var network = _state.Network;
        var thisFrame = previous.flatten(0, 1);
        var nextFrame = next.flatten(0, 1);
        var frame = network.FrameEncoder.Forward(thisFrame);
        Tensor target;
        using (no_grad())
        {
            target = _state.TeacherEncoder.Forward(nextFrame);
        }

        long tokens = frame.size(1);
        long dimension = frame.size(2);
        var shaped = frame.view(batch, pairs, tokens, dimension);
        var shapedTarget = target.view(batch, pairs, tokens, dimension);
        if (!_options.UseMotion)
        {
            return (shaped, shapedTarget, shaped);
        }

        var difference = _options.FullFrame ? nextFrame : nextFrame - thisFrame;
        var motion = network.EncodeMotion(difference, frame).view(batch, pairs, tokens, dimension);
        if (_options.Rollout > 1)
        {
            long steps = _options.Rollout;
            long starts = pairs - steps + 1;
            var sums = motion.cumsum(1);
            var before = cat([zeros_like(sums.narrow(1, 0, 1)), sums.narrow(1, 0, starts - 1)], 1);
            motion = sums.narrow(1, steps - 1, starts) - before;
            shaped = shaped.narrow(1, 0, starts);
            shapedTarget = shapedTarget.narrow(1, steps - 1, starts);
        }

        return (shaped, shapedTarget, shaped.Plus(motion));
    }

    /// <summary>The CLS term first, then the patches with the center that the CLS term has already moved.</summary>
    private (Tensor Cls, Tensor Patch) Distill(Tensor prediction, Tensor target, double scale)
    {
        var nothing = zeros([], dtype: target.dtype, device: target.device);
        var cls = nothing;
        var patch = nothing;
        if (_options.ClsWeight != 0)
        {
            using var scope = NewDisposeScope();
            cls = _clsTerm
                .Backward(
                    prediction.select(1, 0),
                    _state.Head,
                    target.select(1, 0),
                    _state.TeacherHead,
                    scale * _options.ClsWeight
                )
                .Loss.MoveToOuterDisposeScope();
        }

        if (_options.PatchWeight != 0)
        {
            using var scope = NewDisposeScope();
            long patches = prediction.size(1) - 1;
            patch = _patchTerm
                .Backward(
                    prediction.narrow(1, 1, patches).flatten(0, 1),
                    _state.PatchHead,
                    target.narrow(1, 1, patches).flatten(0, 1),
                    _state.TeacherPatchHead,
                    scale * _options.PatchWeight
                )
                .Loss.MoveToOuterDisposeScope();
        }

        return (cls, patch);
    }
}
