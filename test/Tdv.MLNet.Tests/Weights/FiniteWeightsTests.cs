using Microsoft.ML;
using Tdv.MLNet.Tests.Pretraining;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

/// <summary>Weights that are not numbers are refused wherever they come from.</summary>
public sealed class FiniteWeightsTests : IDisposable
{
    private const string Spoiled = "frame_encoder.blocks.0.0.attn.qkv.bias";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.safetensors", float.NaN)]
    [InlineData("a.safetensors", float.PositiveInfinity)]
    [InlineData("a.pth", float.NegativeInfinity)]
    public void A_file_of_weights_is_refused(string name, float value)
    {
        using (var model = Broken(value))
        {
            model.Save(_folder[name]);
        }

        var error = Assert.Throws<InvalidDataException>(() => TdvModel.Load(_folder[name]));
        Assert.Equal(
            FormattableString.Invariant(
                $"'{_folder[name]}' has weights that are not finite: '{Spoiled}' holds {value} at 7. The training has "
            ) + "diverged or the file is damaged; take an earlier checkpoint, or copy the file again.",
            error.Message
        );
    }

    [Fact]
    public void A_saved_model_is_refused()
    {
        var ml = new MLContext(1);
        using (var model = Broken(float.NaN))
        {
            ml.Model.Save(
                ml.Transforms.TdvFeaturize("Features", "Frame", model).Fit(Clips.View(ml, 1)),
                null,
                _folder["a.zip"]
            );
        }

        var error = Assert.ThrowsAny<Exception>(() => ml.Model.Load(_folder["a.zip"], out _));
        Assert.Contains($"'{Spoiled}' holds NaN at 7.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_ONNX_is_written()
    {
        using var model = Broken(float.NaN);
        var error = Assert.Throws<InvalidDataException>(() => model.ExportOnnx(_folder["a.onnx"]));
        Assert.StartsWith("'The model' has weights that are not finite: '" + Spoiled, error.Message);
        Assert.False(File.Exists(_folder["a.onnx"]));
    }

    [Fact]
    public void Large_weights_are_no_fault()
    {
        using (var model = Broken(float.MaxValue))
        {
            // A sum of these overflows, none of them is infinite.
            using var gradients = no_grad();
            model
                .Network.NamedTensors()
                .Single(entry => entry.Name == "frame_encoder.norm.bias")
                .Tensor.fill_(float.MaxValue);
            model.Save(_folder["a.safetensors"]);
        }

        TdvModel.Load(_folder["a.safetensors"]).Dispose();
    }

    private static TdvModel Broken(float value)
    {
        var model = TdvModel.Create(TdvPreset.Tiny, 1);
        using var gradients = no_grad();
        model.Network.NamedTensors().Single(entry => entry.Name == Spoiled).Tensor[7] = value;
        return model;
    }
}
