using Tdv.MLNet.Model;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class DinoV2Tests
{
    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "Weights", "assets");

    [Fact]
    public void The_frame_encoder_computes_what_Python_computed_with_DINOv2s_names_LayerScale_and_registers()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var weights = WeightsFile.Open(Path.Combine(Assets, "dinov2.pth"));
        using var io = WeightsFile.Open(Path.Combine(Assets, "dinov2.io.pth"));
        var map = WeightsReader.Map(weights, new());
        using var init = new Initialization(0);
        using var encoder = new VisionTransformer(map.Options, init);
        foreach (var (name, parameter) in encoder.named_parameters())
        {
            weights.CopyTo(map.Names["frame_encoder." + name], parameter);
        }

        var output = encoder.Forward(io.Read("input"));

        Assert.Equal((4, 12, 16, 2, 2, true), Dimensions(map.Options));
        Assert.Equal(map.Names.Count, encoder.named_parameters().Count());
        var expected = io.Read("output");
        Assert.Equal(expected.shape, output.shape);
        double error = ((output - expected).abs().max() / expected.abs().max()).item<float>();
        Assert.InRange(error, 0, 3e-6);
    }

    // PyTorch, of channel 0: as dinov2_vits14_reg and dinov2_vits14 resize, see the hub's interpolate_antialias and _offset
    [Theory]
    [InlineData(2, -0.065881f, -0.117864f, -0.110938f, -0.049447f, 0.013956f, -0.133973f, -0.194178f, -0.128915f)]
    [InlineData(0, -0.099849f, -0.133689f, -0.1102f, -0.035515f, 0.022555f, -0.132317f, -0.209371f, -0.132016f)]
    public void Positions_are_resized_as_DINOv2_does_with_registers_and_without(int registers, params float[] expected)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var weights = WeightsFile.Open(Path.Combine(Assets, "dinov2.pth"));
        var options = WeightsReader.Map(weights, new()).Options with { Registers = registers };
        using var init = new Initialization(0);
        using var encoder = new VisionTransformer(options, init);
        weights.CopyTo("pos_embed", encoder.get_parameter("pos_embed")!);

        var resized = encoder.PositionFor(height: 2 * options.PatchSize, width: 4 * options.PatchSize);

        Assert.Equal([1, 1 + (2 * 4), options.Dimension], resized.shape);
        var channel = resized[0].select(1, 0).narrow(0, 1, 8).contiguous().data<float>();
        Assert.All(expected.Zip(channel), pair => Assert.Equal(pair.First, pair.Second, tolerance: 2e-6f));
    }

    private static (int Patch, int Image, int Width, int Depth, int Registers, bool LayerScale) Dimensions(
        NetworkOptions options
    ) =>
        (options.PatchSize, options.ImageSize, options.Dimension, options.Depth, options.Registers, options.LayerScale);
}
