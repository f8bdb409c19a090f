using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// TDV's objective: representation of this frame + encoded motion = representation of the next frame (reference §4, §6).
/// </summary>
internal sealed class TdvObjective(TrainingState state, ObjectiveOptions options)
{
    private readonly Distillation _distillation = new(
        new Center(state.Center, options.Distillation.CenterMomentum),
        options.Distillation
    );

    /// <param name="previous">Normalized frames t, <c>[n, 3, H, W]</c>.</param>
    /// <param name="next">Normalized frames t+1, <c>[n, 3, H, W]</c>.</param>
    public Prediction Predict(Tensor previous, Tensor next)
    {
        var frame = state.Network.FrameEncoder.Forward(previous);
        Tensor target;
        using (no_grad())
        {
            target = state.TeacherEncoder.Forward(next);
        }

        if (!options.UseMotion)
        {
            return new Prediction(frame, target, frame);
        }

        // A view made before the motion: autograd then adds this way's gradient to the frame's after the motion encoder's.
        // Another order changes the last bits of a training.
        var start = frame.view(frame.shape);
        return new Prediction(frame, target, start.Plus(state.Network.EncodeMotion(next - previous, frame)));
    }

    /// <summary>
    /// Compares a prediction with its target, directly and through the heads. Adds <paramref name="scale"/> times the
    /// loss's gradient to the gradients of the student's head, and moves the center.
    /// </summary>
    /// <param name="scale">1, or 1 / accumulation.</param>
    /// <returns>
    /// The losses, and the gradient with respect to the prediction, <c>[n, 1+N, D]</c>: it is complete before the
    /// encoders' backward pass begins, so what the heads kept in memory is free by then.
    /// </returns>
    public (StepLosses Losses, Tensor Gradient) Distill(Prediction prediction, double scale)
    {
        var target = prediction.Target;
        var leaf = prediction.Next.detach().requires_grad_(true);
        // The CLS term first, then the patches with the center that the CLS term has already moved.
        var cls = CrossEntropy(leaf.select(1, 0), target.select(1, 0), options.ClsWeight, scale);
        long patches = target.size(1) - 1;
        var patch = CrossEntropy(
            leaf.narrow(1, 1, patches).flatten(0, 1),
            target.narrow(1, 1, patches).flatten(0, 1),
            options.PatchWeight,
            scale
        );
        using var gradients = no_grad();
        var (mse, gradient) = SquaredError(leaf, target, scale * options.MseWeight);
        if (leaf.grad is { } fromHeads)
        {
            gradient.Add_(fromHeads);
        }

        var copy = nn.functional.mse_loss(prediction.Frame, target);
        var total = mse.Times(options.MseWeight)
            .Plus(cls.Times(options.ClsWeight))
            .Plus(patch.Times(options.PatchWeight));
        return (new StepLosses(total, mse, cls, patch, copy), gradient);
    }

    /// <summary>Adds the regularization of this frame's patches to the losses; with none, computes nothing.</summary>
    /// <param name="scale">1, or 1 / accumulation.</param>
    /// <returns>
    /// The losses, and the gradient with respect to <see cref="Prediction.FramePatches"/>, <c>[n, N, D]</c>; null: none.
    /// </returns>
    public (StepLosses Losses, Tensor? Gradient) Regularize(StepLosses losses, Prediction prediction, double scale)
    {
        if (options.Regularization is not { IsOn: true } regularization)
        {
            return (losses, null);
        }

        var (variance, covariance, gradient) = VarianceCovariance.Evaluate(
            prediction.FramePatches,
            regularization,
            scale
        );
        using var gradients = no_grad();
        var total = losses
            .Total.Plus(variance.Times(regularization.VarianceWeight))
            .Plus(covariance.Times(regularization.CovarianceWeight));
        return (losses with { Total = total, Variance = variance, Covariance = covariance }, gradient);
    }

    /// <summary>The mean squared error, a scalar, and <paramref name="weight"/> times its gradient, as the prediction.</summary>
    /// <param name="prediction"><c>[..., D]</c></param>
    /// <param name="target"><c>[..., D]</c></param>
    /// <param name="weight">Factor of the gradient.</param>
    internal static (Tensor Loss, Tensor Gradient) SquaredError(Tensor prediction, Tensor target, double weight)
    {
        var error = prediction - target;
        return ((error * error).mean(), error.Times(2 * weight / error.numel()));
    }

    private Tensor CrossEntropy(Tensor student, Tensor teacher, double weight, double scale)
    {
        if (weight == 0)
        {
            return zeros([], dtype: teacher.dtype, device: teacher.device);
        }

        using var scope = NewDisposeScope();
        return _distillation
            .Backward(student, state.Head, teacher, state.TeacherHead, scale * weight)
            .MoveToOuterDisposeScope();
    }
}
