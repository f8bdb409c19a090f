using Tdv.MLNet.Foundation;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

/// <summary>A step that is stopped leaves no trace, and what it was before it can be read while it runs.</summary>
public sealed class StoppedStepTests
{
    public StoppedStepTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Wherever_a_step_is_stopped_everything_is_as_before(int batches)
    {
        using var state = new TrainingState(TdvTrainerTests.Network, 1);
        using var trainer = new TdvTrainer(state, TdvTrainerTests.Options());
        using var generator = new Generator(3);
        var pairs = Enumerable
            .Range(0, batches)
            .Select(_ => (randn([64, 3, 16, 16], generator: generator), randn([64, 3, 16, 16], generator: generator)))
            .ToArray();
        trainer.Step(pairs);
        var before = Snapshot(state);
        int stopped = 0;
        for (int delay = 0; delay < 40; delay++)
        {
            using var stop = new CancellationTokenSource();
            using var timer = new Timer(_ => stop.Cancel());
            // Whole steps of this size take some milliseconds.
            timer.Change(TimeSpan.FromMilliseconds(delay / 2.0), Timeout.InfiniteTimeSpan);
            try
            {
                using var scope = AmbientStop.Use(stop.Token);
                trainer.Step(pairs);
                before = Snapshot(state);
            }
            catch (OperationCanceledException)
            {
                stopped++;
                AssertSame(before, Snapshot(state));
            }
        }

        Assert.True(stopped > 0, "No step was stopped.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_there_was_before_a_step_can_be_read_while_it_runs(int batches)
    {
        using var state = new TrainingState(TdvTrainerTests.Network, 1);
        using var trainer = new TdvTrainer(state, TdvTrainerTests.Options());
        using var generator = new Generator(3);
        var pairs = Enumerable
            .Range(0, batches)
            .Select(_ => (randn([512, 3, 16, 16], generator: generator), randn([512, 3, 16, 16], generator: generator)))
            .ToArray();
        trainer.Step(pairs);
        var before = Snapshot(state);
        int looks = 0;
        int moved = 0;
        var step = new Thread(() => trainer.Step(pairs));
        step.Start();
        while (step.IsAlive)
        {
            lock (trainer.Changing)
            {
                if (trainer.IsStepping)
                {
                    looks++;
                    using var scope = NewDisposeScope();
                    AssertSame(before, [.. state.NamedTensors().Select(entry => Numbers(trainer.Kept(entry.Tensor)))]);
                    moved += Numbers(state.Center).SequenceEqual(Numbers(trainer.Kept(state.Center))) ? 0 : 1;
                }
            }
        }

        step.Join();
        Assert.True(looks > 0, "Nobody looked during the step.");
        Assert.True(moved > 0, "The center had not moved when somebody looked.");
    }

    private static float[][] Snapshot(TrainingState state)
    {
        using var scope = NewDisposeScope();
        return [.. state.NamedTensors().Select(entry => Numbers(entry.Tensor))];
    }

    private static float[] Numbers(Tensor tensor) => [.. tensor.detach().contiguous().data<float>()];

    private static void AssertSame(float[][] expected, float[][] found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].AsSpan().SequenceEqual(found[i]), $"Tensor {i} has changed.");
        }
    }
}
