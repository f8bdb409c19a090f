using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Model;

public sealed class PositionGridTests
{
    private const int Patch = 8;
    private const int Grid = 5;

    public PositionGridTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 3, 7)]
    [InlineData(0, 12, 9)]
    [InlineData(0, 1, 25)]
    [InlineData(4, 5, 5)]
    [InlineData(4, 1, 1)]
    [InlineData(4, 3, 7)]
    [InlineData(4, 12, 9)]
    public void Positions_are_resized_as_TorchSharp_does(int registers, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var options = new NetworkOptions
        {
            ImageSize = Grid * Patch,
            PatchSize = Patch,
            Dimension = 12,
            Heads = 2,
            Depth = 1,
            MotionDepth = 0,
            Registers = registers,
        };
        using var init = new Initialization(1);
        using var network = new TdvNetwork(options, init);
        var position = network.FrameEncoder.get_parameter("pos_embed")!;
        position.copy_(init.Normal(1, position.shape));
        float[] stored = NetworkWeights.Of(network).All.Single(array => array.Name == "frame_encoder.pos_embed").Values;

        float[] expected =
        [
            .. network.FrameEncoder.PositionFor(rows * Patch, columns * Patch).contiguous().data<float>(),
        ];
        float[] found = PositionGrid.Resize(stored, Grid, rows, columns, antialiased: registers > 0);

        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
    }
}
