using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.Studies.Dino;

/// <summary>
/// DINO's optimizer step (Caron et al. 2021, Algorithm 1): the student's CLS vector of each view is to have the same
/// distribution over prototypes as the teacher's of each other global view. Network, head, loss and optimizer are TDV's.
/// </summary>
internal sealed class DinoTrainer : IDisposable
{
    /// <summary>DINO's own: the student's 0.1, the teacher's 0.04, the center's momentum 0.9.</summary>
    public static readonly DistillationOptions Distribution = new()
    {
        StudentTemperature = 0.1,
        TeacherTemperature = 0.04,
        CenterMomentum = 0.9,
    };

    private readonly IDisposable _memory;
    private readonly TrainingState _state;
    private readonly TrainingOptions _options;
    private readonly Views _views;
    private readonly Distillation _distillation;
    private readonly FlatParameters _student;
    private readonly FlatParameters _teacher;
    private readonly AdamW _optimizer;

    /// <param name="state">Of a network without a motion encoder. The teacher becomes a copy of the student, head included.</param>
    /// <param name="options">Those of TDV; its objective is not used.</param>
    /// <param name="views">Makes the views.</param>
    public DinoTrainer(TrainingState state, TrainingOptions options, Views views)
    {
        _state = state;
        _options = options;
        _views = views;
        _distillation = new Distillation(new Center(state.Center, Distribution.CenterMomentum), Distribution);
        _student = new FlatParameters([state.TaughtParameters()]);
        _teacher = new FlatParameters([state.TeacherParameters()], withGradient: false);
        _teacher.MoveTowards(_student, momentum: 0, _student.Values.size(0));
        _optimizer = new AdamW(_student, options.WeightDecay);
        _memory = ProcessSwitches.KeepFreedMemory();
    }

    /// <summary>Optimizer steps done.</summary>
    public long Steps => _optimizer.Steps;

    /// <summary>One optimizer step.</summary>
    /// <param name="frames">Normalized, <c>[B, 3, H, W]</c>.</param>
    /// <returns>The mean cross entropy in nats.</returns>
    /// <exception cref="InvalidOperationException">Loss or gradient is not finite; no weight was touched.</exception>
    public double Step(Tensor frames)
    {
        using var scope = NewDisposeScope();
        using var precision = MixedPrecision.Use(_options.BFloat16);
        _student.ZeroGradient();
        double loss = Backward(frames).Value();
        double norm = _student.GradientNorm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new InvalidOperationException(
                $"DINO diverged at step {Steps + 1}: the loss is {loss}, the gradient's norm {norm}."
            );
        }

        if (norm > _options.GradientClip)
        {
            _student.Gradient!.Times_(_options.GradientClip / (norm + 1e-6));
        }

        _optimizer.Step([_options.Schedule.LearningRate(Steps)]);
        _teacher.MoveTowards(_student, _options.TeacherMomentum, _student.Values.size(0));
        return loss;
    }

    /// <summary>What the teacher makes of whole frames.</summary>
    /// <param name="frames">Normalized, <c>[n, 3, H, W]</c>.</param>
    public TeacherHealth Measure(Tensor frames)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var cls = _state.TeacherEncoder.Forward(frames).select(1, 0);
        var logits = _state.TeacherHead.call(cls).sub_(_state.Center.view(1, -1));
        var shares = logits.Divide_(Distribution.TeacherTemperature).softmax(-1);
        double each = CollapseMonitor.Entropy(shares).mean().Value();
        double together = CollapseMonitor.Entropy(shares.mean([0L])).Value();
        return new TeacherHealth(each / Math.Log(shares.size(1)), Math.Exp(together - each));
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _student.Dispose();
        _teacher.Dispose();
        _memory.Dispose();
    }

    private Tensor Backward(Tensor frames)
    {
        var global = _views.Global(frames);
        var local = _views.Local(frames);
        var both = cat([.. global]);
        var encoder = _state.Network.FrameEncoder;
        var student = Halves(encoder.Forward(both).select(1, 0));
        Tensor[] teacher;
        using (no_grad())
        {
            teacher = Halves(_state.TeacherEncoder.Forward(both).select(1, 0));
        }

        // Each global view of the teacher with the other one of the student, then with each local one.
        List<Tensor> predictions = [student[1], student[0]];
        List<Tensor> targets = [teacher[0], teacher[1]];
        if (local.Count > 0)
        {
            var small = encoder.Forward(cat([.. local])).select(1, 0);
            foreach (var target in teacher)
            {
                predictions.Add(small);
                targets.AddRange(Enumerable.Repeat(target, local.Count));
            }
        }

        return _distillation.Backward(
            cat([.. predictions]),
            _state.Head,
            cat([.. targets]),
            _state.TeacherHead,
            weight: 1
        );
    }

    private static Tensor[] Halves(Tensor views) => views.chunk(2);
}
