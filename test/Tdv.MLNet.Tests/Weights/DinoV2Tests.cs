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
        var map = KeyMap.Create(weights);
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

    private static (int Patch, int Image, int Width, int Depth, int Registers, bool LayerScale) Dimensions(
        NetworkOptions options
    ) =>
        (options.PatchSize, options.ImageSize, options.Dimension, options.Depth, options.Registers, options.LayerScale);
}
