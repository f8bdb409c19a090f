using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Color;
using Tdv.MLNet.Tests.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.Color;

public sealed class PatchFeaturizingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_patch_holds_its_normalized_pixels_row_by_row()
    {
        // Red is 10·x, green 20·y, blue 0; ImageNet's means and deviations.
        byte[] bytes = new byte[4 * 2 * 4];
        for (int i = 0; i < 8; i++)
        {
            bytes[(i * 4) + 2] = (byte)(10 * (i % 4));
            bytes[(i * 4) + 1] = (byte)(20 * (i / 4));
        }

        using var image = MLImage.CreateFromPixels(4, 2, MLPixelFormat.Bgra32, bytes);
        var patches = new PixelPatches(2, 4, 2);
        var features = new float[patches.Rows * patches.Columns * patches.Depth];
        patches.Describe(image, new byte[2 * 4 * 3], features);

        // The second patch: x 2 and 3, y 0, then y 1.
        float[] expected =
        [
            .. new[] { (2, 0), (3, 0), (2, 1), (3, 1) }.SelectMany(pixel =>
                new[]
                {
                    ((10 * pixel.Item1 / 255f) - 0.485f) / 0.229f,
                    ((20 * pixel.Item2 / 255f) - 0.456f) / 0.224f,
                    -0.406f / 0.225f,
                }
            ),
        ];
        Assert.Equal(24, features.Length);
        Assert.All(expected.Zip(features[12..]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void It_survives_save_and_load()
    {
        var view = Scene.View(_ml, 2);
        var model = _ml.Transforms.PatchFeaturize("Patches", "Frame", 16, 24).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);

        var type = (VectorDataViewType)loaded.GetOutputSchema(view.Schema)["Patches"].Type;
        Assert.Equal([2, 3, 192], type.Dimensions);
        Assert.Equal(
            model.Transform(view).GetColumn<float[]>("Patches"),
            loaded.Transform(view).GetColumn<float[]>("Patches")
        );
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.PatchFeaturize("", "Frame", 20, 0));
        Assert.Equal(
            "PatchFeaturize cannot work with these arguments:\n- outputColumnName is empty.\n"
                + "- imageHeight is 20; it must be a positive multiple of patchSize, 8.\n"
                + "- imageWidth is 0; it must be a positive multiple of patchSize, 8.",
            error.Message
        );
    }
}
