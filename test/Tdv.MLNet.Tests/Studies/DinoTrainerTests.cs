using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Tdv.Studies.Dino;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Studies;

public sealed class DinoTrainerTests
{
    private static readonly NetworkOptions Network = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        Dimension = 24,
        Heads = 2,
        Depth = 2,
        MotionDepth = 0,
        Prototypes = 16,
        HeadHidden = 32,
        HeadBottleneck = 8,
    };

    public DinoTrainerTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void The_first_loss_is_the_cross_entropy_of_each_global_view_with_all_others()
    {
        using var scope = NewDisposeScope();
        var frames = Frames();
        using var state = new TrainingState(Network, 1);
        using var trainer = Trainer(state);
        var views = Views();
        Tensor[] global = [.. views.Global(frames)];
        Tensor[] all = [.. global, .. views.Local(frames)];
        double expected = 0;
        int terms = 0;
        using (no_grad())
        {
            for (int teacher = 0; teacher < 2; teacher++)
            {
                // The teacher begins as a copy of the student, the center at 0.
                var target = (Logits(state, global[teacher]) / 0.04).softmax(-1);
                for (int student = 0; student < all.Length; student++)
                {
                    if (student != teacher)
                    {
                        var log = (Logits(state, all[student]) / 0.1).log_softmax(-1);
                        expected -= (target * log).sum([-1L]).mean().Value();
                        terms++;
                    }
                }
            }
        }

        Assert.Equal(8, terms);
        Assert.Equal(expected / terms, trainer.Step(frames), 1e-4);
    }

    [Fact]
    public void Training_lowers_the_loss_and_the_teacher_follows_slowly()
    {
        using var scope = NewDisposeScope();
        using var state = new TrainingState(Network, 1);
        using var trainer = Trainer(state);
        var frames = Frames();
        Assert.Equal(0, Distance(state));

        double first = trainer.Step(frames);
        double moved = Distance(state);
        double last = first;
        for (int step = 0; step < 15; step++)
        {
            last = trainer.Step(frames);
        }

        Assert.True(moved > 0);
        Assert.True(last < first, $"{first} to {last}");
        Assert.Equal(16, trainer.Steps);
    }

    [Fact]
    public void The_teacher_tells_one_frame_from_another_or_does_not()
    {
        using var scope = NewDisposeScope();
        using var state = new TrainingState(Network, 1);
        using var trainer = Trainer(state);
        var frames = Frames();

        var before = trainer.Measure(frames);
        using (no_grad())
        {
            state.Center.zero_().narrow(2, 3, 1).fill_(-1000);
        }

        var one = trainer.Measure(frames);
        var same = trainer.Measure(frames.narrow(0, 0, 1).expand(4, -1, -1, -1));

        Assert.InRange(before.Entropy, 0.01, 1);
        Assert.InRange(before.ToldApart, 1.000001, 4);
        Assert.InRange(one.Entropy, 0, 1e-5);
        Assert.Equal(1, one.ToldApart, 1e-5);
        Assert.Equal(1, same.ToldApart, 1e-5);
    }

    [Fact]
    public void What_is_not_a_number_is_told_before_any_weight_is_touched()
    {
        using var scope = NewDisposeScope();
        using var state = new TrainingState(Network, 1);
        using var trainer = Trainer(state);
        using var frames = full([2, 3, 32, 32], float.NaN);

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Step(frames));

        Assert.StartsWith("DINO diverged at step 1: the loss is NaN", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Distance(state));
    }

    private static DinoTrainer Trainer(TrainingState state) =>
        new(
            state,
            new TrainingOptions
            {
                Steps = 20,
                BatchSize = 2,
                Schedule = new Schedule(1e-3, 1, 20, 1e-5),
            },
            Views()
        );

    private static Views Views() => new(new ViewOptions(2, 3, Augment: true), 32, 8, seed: 5);

    private static Tensor Frames() => randn([4, 3, 32, 32], generator: new Generator(2));

    private static Tensor Logits(TrainingState state, Tensor view) =>
        state.Head.call(state.Network.FrameEncoder.Forward(view).select(1, 0));

    private static double Distance(TrainingState state) =>
        state
            .TaughtParameters()
            .Zip(state.TeacherParameters(), (student, teacher) => (student - teacher).detach().abs().max().Value())
            .Max();
}
