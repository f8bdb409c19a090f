using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Documents;

/// <summary>Runs the code of docs/onnx.md.</summary>
public class OnnxSnippetTests
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public void The_documents_code_exports_applies_and_lowers()
    {
        var ml = new MLContext(seed: 1);
        using var toys = new ToyData(frames: 1);
        using var tdv = TdvModel.Create(TdvPreset.Tiny, seed: 1);
        string weights = Path.Combine(toys.Folder, "tdv.safetensors");
        string onnx = Path.Combine(toys.Folder, "model.onnx");
        string anySize = Path.Combine(toys.Folder, "any.onnx");
        tdv.Save(weights);
        var size = new TdvFeatureOptions { ImageHeight = 96, ImageWidth = 128 };
        // A picture of the very size, so that nobody's resizing makes a difference.
        using var drawn = MLImage.CreateFromPixels(128, 96, MLPixelFormat.Bgra32, Pixels(96 * 128));
        drawn.Save(Path.Combine(toys.Folder, "picture.png"));
        var pictures = ml.Data.LoadFromEnumerable([new Snippets.Picture { Path = "picture.png" }]);
        var frames = ml.Transforms.LoadImages("Frame", toys.Folder, "Path").Fit(pictures).Transform(pictures);
        var own = ml.Transforms.TdvFeaturize("Features", "Frame", tdv, size).Fit(frames).Transform(frames);

        OnnxSnippets.Export(weights, onnx, anySize);
        var applied = OnnxSnippets.Apply(ml, pictures, toys.Folder, onnx);
        var lowered = OnnxSnippets.Lower(ml, frames, tdv);

        Assert.True(File.Exists(anySize));
        float worst = Features(own).Zip(Features(applied)).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.True(worst <= Tolerance, $"They differ by {worst:E2}.");
        Assert.Equal(8 * 8 * tdv.Dimension, Features(lowered).Length);
    }

    private static float[] Features(IDataView view) => view.GetColumn<float[]>("Features").Single();

    private static byte[] Pixels(int count)
    {
        byte[] pixels = new byte[count * 4];
        new Random(1).NextBytes(pixels);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            pixels[alpha] = byte.MaxValue;
        }

        return pixels;
    }
}
