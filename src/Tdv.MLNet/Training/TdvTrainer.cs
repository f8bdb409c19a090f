using Tdv.MLNet.Foundation;
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
    private readonly Tensor _center;
    private readonly Tensor _centerBefore;

    /// <summary>Where the teacher moves in the middle of a step, as it was before; null until one does.</summary>
    private Tensor? _teacherBefore;
    private bool _stepping;
    private bool _taughtInStep;

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
        _center = state.Center;
        using var scope = NewDisposeScope();
        _centerBefore = _center.clone().DetachFromDisposeScope();
        _memory = ProcessSwitches.KeepFreedMemory();
    }

    /// <summary>Held while weights change: who holds it may read the training's state, as <see cref="Kept"/> has it.</summary>
    public object Changing { get; } = new();

    /// <summary>Optimizer steps done.</summary>
    public long Steps => _optimizer.Steps;

    /// <summary>Whether a step is under way that has not changed any weight yet. Under <see cref="Changing"/>.</summary>
    public bool IsStepping => _stepping;

    /// <summary>For checkpoints.</summary>
    internal AdamW Optimizer => _optimizer;

    /// <summary>One optimizer step: the paper's Algorithm 1.</summary>
    /// <param name="batches">One batch for each accumulated backward pass: previous and next, <c>[n, 3, H, W]</c>.</param>
    /// <exception cref="InvalidOperationException">A loss or gradient is not finite; no weight was touched.</exception>
    /// <exception cref="OperationCanceledException">
    /// The work is to end (<see cref="AmbientStop"/>, looked at between a step's parts until weights change); everything is
    /// as before the step.
    /// </exception>
    public StepResult Step(IReadOnlyList<(Tensor Previous, Tensor Next)> batches)
    {
        var stop = AmbientStop.Token;
        using var scope = NewDisposeScope();
        using var precision = MixedPrecision.Use(_options.BFloat16);
        var losses = new List<StepLosses>(batches.Count);
        Begin();
        try
        {
            foreach (var (previous, next) in batches)
            {
                if (losses.Count == 1)
                {
                    Teach(keep: true, stop);
                }

                losses.Add(Accumulate(previous, next, 1.0 / batches.Count, stop));
            }

            double norm = _student.GradientNorm();
            double rate = _options.Schedule.LearningRate(Steps);
            var result = StepResult.From(losses, norm, rate);
            result.RequireFinite(Steps + 1, _student);
            if (norm > _options.GradientClip)
            {
                _student.Gradient!.Times_(_options.GradientClip / (norm + 1e-6));
            }

            Change(rate, stop);
            return result;
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>A tensor of the state as it was before the step in progress, if there is one. Under <see cref="Changing"/>.</summary>
    /// <param name="tensor">The center, or a parameter of the teacher or the student.</param>
    public Tensor Kept(Tensor tensor) =>
        !_stepping ? tensor
        : tensor.Handle == _center.Handle ? _centerBefore
        : _taughtInStep && _teacher.Holds(tensor)
            ? _teacherBefore!.narrow(0, tensor.storage_offset(), tensor.numel()).view(tensor.shape)
        : tensor;

    private void Begin()
    {
        _student.ZeroGradient();
        lock (Changing)
        {
            using var gradients = no_grad();
            _centerBefore.copy_(_center);
            (_stepping, _taughtInStep) = (true, false);
        }
    }

    private StepLosses Accumulate(Tensor previous, Tensor next, double scale, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var prediction = _objective.Predict(previous, next);
        stop.ThrowIfCancellationRequested();
        var (distilled, gradient) = _objective.Distill(prediction, scale);
        var (loss, regularization) = _objective.Regularize(distilled, prediction, scale);
        stop.ThrowIfCancellationRequested();
        prediction.Backward(gradient, regularization);
        return loss;
    }

    /// <summary>
    /// The teacher takes in the student as it was before this step: in the reference, between forward and backward of the
    /// first batch. Nobody asks the teacher between that and the second batch, or the end.
    /// </summary>
    /// <param name="keep">Whether what it was may be needed again.</param>
    private void Teach(bool keep, CancellationToken stop)
    {
        lock (Changing)
        {
            stop.ThrowIfCancellationRequested();
            if (keep)
            {
                using var gradients = no_grad();
                _teacherBefore ??= zeros_like(_teacher.Values).DetachFromDisposeScope();
                _teacherBefore.copy_(_teacher.Values);
            }

            _taughtInStep = true;
            _teacher.MoveTowards(_student, _options.TeacherMomentum, _taught);
        }
    }

    private void Change(double rate, CancellationToken stop)
    {
        lock (Changing)
        {
            stop.ThrowIfCancellationRequested();
            if (!_taughtInStep)
            {
                Teach(keep: false, CancellationToken.None);
            }

            // From here on, nothing stops it.
            _optimizer.Step([rate, _options.Schedule.LearningRate(Steps, _options.MotionMultiplier)]);
            _stepping = false;
        }
    }

    /// <summary>The gradients, which are left, are cleared by the next step.</summary>
    private void Undo()
    {
        lock (Changing)
        {
            using var gradients = no_grad();
            if (_stepping)
            {
                _center.copy_(_centerBefore);
                if (_taughtInStep)
                {
                    _teacher.Values.copy_(_teacherBefore!);
                }
            }

            _stepping = false;
        }
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _student.Dispose();
        _teacher.Dispose();
        _centerBefore.Dispose();
        _teacherBefore?.Dispose();
        _memory.Dispose();
    }
}
