using Tdv.MLNet.Tests.Training;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Xunit;

namespace Tdv.MLNet.Tests.Torch;

public sealed class ProcessSwitchesTests
{
    [Fact]
    public void A_switch_is_on_from_the_first_holder_to_the_last()
    {
        var turns = new List<bool>();
        var shared = new SharedSwitch(() => turns.Add(true), () => turns.Add(false));

        var first = shared.Hold();
        var second = shared.Hold();
        first.Dispose();
        first.Dispose();
        Assert.Equal([true], turns);

        second.Dispose();
        Assert.Equal([true, false], turns);

        // Whoever comes later turns it on again; many at a time leave it off in the end.
        Parallel.For(0, 1000, _ => shared.Hold().Dispose());
        Assert.Equal(turns.Count / 2, turns.Count(on => on));
        Assert.False(turns[^1]);
    }

    [Fact]
    public void Freed_memory_is_kept_while_a_trainer_lives()
    {
        LibTorchLoader.EnsureAvailable();
        using var state = new TrainingState(TdvTrainerTests.Network, 1);
        using var trainer = new TdvTrainer(state, TdvTrainerTests.Options());

        Assert.True(ProcessSwitches.KeepsFreedMemory);
    }
}
