using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class TdvTrainerTests
{
    internal static readonly NetworkOptions Network = new()
    {
        ImageSize = 16,
        PatchSize = 8,
        Dimension = 24,
        Heads = 2,
        Depth = 2,
        MotionDepth = 1,
        Prototypes = 16,
        HeadHidden = 32,
        HeadBottleneck = 8,
    };

    public TdvTrainerTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Steps_leave_no_tensors_behind(double regularization)
    {
        var term = new TdvRegularization { VarianceWeight = regularization, CovarianceWeight = regularization };
        using var state = new TrainingState(Network, 1);
        using var trainer = new TdvTrainer(
            state,
            Options() with
            {
                Objective = new ObjectiveOptions { Regularization = term },
            }
        );
        var frames = randn([4, 3, 16, 16]);
        trainer.Step([(frames, frames)]);
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (int step = 0; step < 20; step++)
        {
            trainer.Step([(frames, frames)]);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Two_accumulated_halves_make_the_gradient_of_the_whole_where_the_center_does_not_matter()
    {
        var options = Options() with
        {
            Objective = new ObjectiveOptions { Distillation = new DistillationOptions { Centering = false } },
            TeacherMomentum = 1,
        };
        using var generator = new Generator(3);
        var previous = randn([4, 3, 16, 16], generator: generator);
        var next = randn([4, 3, 16, 16], generator: generator);
        using var whole = new TrainingState(Network, 1);
        using var halves = new TrainingState(Network, 1);
        using var wholeTrainer = new TdvTrainer(whole, options);
        using var halvesTrainer = new TdvTrainer(halves, options with { Accumulation = 2 });
        var one = wholeTrainer.Step([(previous, next)]);
        var two = halvesTrainer.Step([
            (previous.narrow(0, 0, 2), next.narrow(0, 0, 2)),
            (previous.narrow(0, 2, 2), next.narrow(0, 2, 2)),
        ]);
        Assert.Equal(1, two.Loss / one.Loss, tolerance: 1e-6);
        Assert.Equal(1, two.GradientNorm / one.GradientNorm, tolerance: 1e-5);
    }

    [Fact]
    public void The_teacher_follows_the_student_of_the_step_before()
    {
        using var state = new TrainingState(Network, 1);
        using var trainer = new TdvTrainer(state, Options());
        var frames = randn([2, 3, 16, 16]);
        var student = state.Network.FrameEncoder.get_parameter("norm.bias")!;
        var teacher = state.TeacherEncoder.get_parameter("norm.bias")!;
        trainer.Step([(frames, frames.flip(2))]);
        Assert.True(teacher.eq(0).all().ToBoolean());
        var afterFirst = student.clone();
        trainer.Step([(frames, frames.flip(2))]);
        Assert.True(teacher.allclose(afterFirst * (1 - 0.990025), 1e-6, 1e-12));
        Assert.False(afterFirst.eq(0).all().ToBoolean());
    }

    [Theory]
    [InlineData("frame_encoder.norm.bias", "the mean squared error is NaN, the CLS loss is NaN, the patch loss is NaN")]
    [InlineData("dino_head.mlp.0.bias", "the CLS loss is NaN, the patch loss is NaN, the gradient's norm is NaN")]
    public void A_training_that_diverges_stops_before_it_touches_a_weight(string broken, string expected)
    {
        using var state = new TrainingState(Network, 1);
        using var trainer = new TdvTrainer(state, Options());
        var frames = randn([2, 3, 16, 16]);
        trainer.Step([(frames, frames.flip(2))]);
        using (no_grad())
        {
            state.NamedTensors().Single(entry => entry.Name == broken).Tensor.fill_(double.NaN);
        }

        var before = Weights(state);
        var exception = Assert.Throws<InvalidOperationException>(() => trainer.Step([(frames, frames.flip(2))]));

        Assert.StartsWith($"Training diverged at step 2: {expected}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("(in the gradient of frame encoder and heads", exception.Message, StringComparison.Ordinal);
        Assert.True(before.eq(Weights(state)).all().ToBoolean());
        Assert.Equal(1, trainer.Steps);
    }

    [Fact]
    public void The_regularization_adds_its_own_gradient_to_the_others_in_one_pass()
    {
        var regularization = new TdvRegularization { VarianceWeight = 0.7, CovarianceWeight = 0.2 };
        using var generator = new Generator(3);
        var previous = randn([4, 3, 16, 16], generator: generator);
        var next = randn([4, 3, 16, 16], generator: generator);

        var (without, plain) = Gradient(TdvRegularization.None);
        var (with, both) = Gradient(regularization);
        var (alone, expected) = AutogradOfTheTermAlone();

        Assert.Equal(without.Loss + alone, with.Loss, 1e-5);
        Assert.Equal(alone, (0.7 * with.VarianceLoss) + (0.2 * with.CovarianceLoss), 1e-6);
        Assert.Equal((0, 0), (without.VarianceLoss, without.CovarianceLoss));
        Assert.True(expected.norm().Value() > 1e-3);
        Assert.InRange((both - plain - expected).norm().Value() / expected.norm().Value(), 0, 1e-4);

        (StepResult Result, Tensor Gradient) Gradient(TdvRegularization term)
        {
            var options = Options() with
            {
                Objective = new ObjectiveOptions { Regularization = term },
                GradientClip = 1e9,
            };
            using var state = new TrainingState(Network, 1);
            using var trainer = new TdvTrainer(state, options);
            var result = trainer.Step([(previous, next)]);
            return (result, FrameGradient(state));
        }

        (double Loss, Tensor Gradient) AutogradOfTheTermAlone()
        {
            using var state = new TrainingState(Network, 1);
            var tokens = state.Network.FrameEncoder.Forward(previous);
            var patches = tokens.narrow(1, 1, tokens.size(1) - 1);
            var centered = (patches - patches.mean([0L], true)).reshape(-1, patches.size(2));
            var covariance = centered.t().matmul(centered) / (centered.size(0) - 1);
            var variance = covariance.diag();
            var loss =
                (0.7 * (1 - (variance + 1e-4).sqrt()).relu().mean())
                + (0.2 * (covariance.square().sum() - variance.square().sum()) / patches.size(2));
            loss.backward();
            return (loss.Value(), FrameGradient(state));
        }

        static Tensor FrameGradient(TrainingState state) =>
            cat([.. state.Network.FrameEncoder.parameters().Select(weight => weight.grad!.flatten().clone())]);
    }

    [Fact]
    public void Accumulation_averages_the_regularization()
    {
        var options = Options() with
        {
            Objective = new ObjectiveOptions
            {
                MseWeight = 0,
                ClsWeight = 0,
                PatchWeight = 0,
                Regularization = new TdvRegularization(),
            },
        };
        var frames = randn([2, 3, 16, 16]);
        using var once = new TrainingState(Network, 1);
        using var twice = new TrainingState(Network, 1);
        using var onceTrainer = new TdvTrainer(once, options);
        using var twiceTrainer = new TdvTrainer(twice, options with { Accumulation = 2 });

        var one = onceTrainer.Step([(frames, frames)]);
        var two = twiceTrainer.Step([(frames, frames), (frames, frames)]);

        Assert.Equal(one.Loss, two.Loss, 1e-6);
        Assert.Equal(1, two.GradientNorm / one.GradientNorm, 1e-5);
        Assert.True(one.GradientNorm > 0);
    }

    private static Tensor Weights(TrainingState state) =>
        cat([.. state.TaughtParameters().Concat(state.Network.MotionParameters).Select(weight => weight.flatten())])
            .nan_to_num(7);

    internal static TrainingOptions Options() =>
        new()
        {
            Steps = 10,
            BatchSize = 4,
            Schedule = new Schedule(1e-3, 2, 10, 1e-5),
        };
}
