using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>TDV's optimizer step and what it carries from one to the next.</summary>
internal sealed class TdvTrainer : IDisposable
{
    private readonly IDisposable _memory;
    private readonly TrainingOptions _options;
    private readonly TdvObjective _objective;
    private readonly FlatParameters _student;
    private readonly FlatParameters _teacher;
    private readonly AdamW _optimizer;
    private readonly long _taught;

    public TdvTrainer(TrainingState state, TrainingOptions options)
    {
        _options = options;
        _objective = new TdvObjective(state, options.Objective);
        bool frozen = options.FreezeFrameEncoder;
        foreach (var parameter in state.Network.FrameParameters)
        {
            parameter.requires_grad = !frozen;
        }

        _student = new FlatParameters([state.TaughtParameters(frozen), state.Network.MotionParameters]);
        _teacher = new FlatParameters([state.TeacherParameters(frozen)], withGradient: false);
        _taught = _student.Groups[0].Length;
        _optimizer = new AdamW(_student, options.WeightDecay);
        _memory = ProcessSwitches.KeepFreedMemory();
    }

    /// <summary>Optimizer steps done.</summary>
    public long Steps => _optimizer.Steps;

    /// <summary>For checkpoints.</summary>
    internal AdamW Optimizer => _optimizer;

    /// <summary>One optimizer step: the paper's Algorithm 1.</summary>
    /// <param name="batches">One batch for each accumulated backward pass: previous and next, <c>[n, 3, H, W]</c>.</param>
    /// <exception cref="InvalidOperationException">A loss or gradient is not finite; no weight was touched.</exception>
    public StepResult Step(IReadOnlyList<(Tensor Previous, Tensor Next)> batches)
    {
        using var scope = NewDisposeScope();
        using var precision = MixedPrecision.Use(_options.BFloat16);
        var losses = new List<StepLosses>(batches.Count);
        _student.ZeroGradient();
        foreach (var (previous, next) in batches)
        {
            var prediction = _objective.Predict(previous, next);
            double scale = 1.0 / batches.Count;
            var (distilled, gradient) = _objective.Distill(prediction, scale);
            var (loss, regularization) = _objective.Regularize(distilled, prediction, scale);
            if (losses.Count == 0)
            {
                // As in the reference, between forward and backward of the first batch: the teacher takes in the student
                // as it was before this step.
                _teacher.MoveTowards(_student, _options.TeacherMomentum, _taught);
            }

            prediction.Backward(gradient, regularization);
            losses.Add(loss);
        }

        double norm = _student.GradientNorm();
        double rate = _options.Schedule.LearningRate(Steps);
        var result = StepResult.From(losses, norm, rate);
        result.RequireFinite(Steps + 1, _student);
        if (norm > _options.GradientClip)
        {
            _student.Gradient!.Times_(_options.GradientClip / (norm + 1e-6));
        }

        _optimizer.Step([rate, _options.Schedule.LearningRate(Steps, _options.MotionMultiplier)]);
        return result;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _student.Dispose();
        _teacher.Dispose();
        _memory.Dispose();
    }
}
