using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class CollapseMonitorTests
{
    public CollapseMonitorTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void Sees_a_collapse_to_one_vector_and_to_one_prototype()
    {
        using var state = new TrainingState(TdvTrainerTests.Network, 1);
        using var generator = new Generator(2);
        using var frames = randn([4, 3, 16, 16], generator: generator);
        using var monitor = new CollapseMonitor(state, new DistillationOptions());

        var before = monitor.Measure(1, frames);
        using (no_grad())
        {
            state.Network.FrameEncoder.get_parameter("norm.weight")!.zero_();
            state.Network.FrameEncoder.get_parameter("norm.bias")!.fill_(1);
            state.Center.fill_(0).narrow(2, 3, 1).fill_(-1000);
        }

        var after = monitor.Measure(2, frames);

        Assert.InRange(before.Deviation, 0.3, 1.01);
        Assert.InRange(before.EffectiveRank, 1.5, 24);
        Assert.InRange(before.TeacherEntropy, 0.2, 1);
        Assert.Equal(before.Spread, before.Untrained);
        Assert.Equal(before.Spread, after.Untrained);
        Assert.Equal(before.EffectiveRank, before.Spread!.EffectiveRank);
        Assert.InRange(after.Deviation, 0, 1e-5);
        Assert.Equal(new FeatureSpread(0, 0, 0, 0, 0, 0, 0), after.Spread);
        Assert.InRange(after.TeacherEntropy, 0, 1e-5);
    }

    [Fact]
    public void Spread_out_features_have_the_rank_and_the_deviation_of_their_dimension()
    {
        using var generator = new Generator(2);
        using var features = nn.functional.normalize(randn([4096, 8], generator: generator), p: 2, dim: -1);

        Assert.Equal(8, EffectiveRank.Of(features), tolerance: 0.1);
        Assert.Equal(2, EffectiveRank.Of(features * tensor(new float[] { 1, 1, 0, 0, 0, 0, 0, 0 })), 0.1);
    }

    [Fact]
    public void Watching_leaves_no_tensor_and_changes_none()
    {
        using var state = new TrainingState(TdvTrainerTests.Network, 1);
        using var frames = ones(4, 3, 16, 16);
        using var monitor = new CollapseMonitor(state, new DistillationOptions());
        byte[] before = Bytes(state);
        long live = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        monitor.Measure(1, frames);

        Assert.Equal(live, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.Equal(before, Bytes(state));
    }

    private static byte[] Bytes(TrainingState state)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, state.NamedTensors().Select(TensorSource.Of));
        return stream.ToArray();
    }
}
