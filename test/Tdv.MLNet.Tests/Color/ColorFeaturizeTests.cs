using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Tests.Evaluation;
using Tdv.MLNet.Tests.Masks;
using Tdv.MLNet.Tests.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.Color;

public sealed class ColorFeaturizeTests
{
    private const int Dimension = 44;
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(MLPixelFormat.Bgra32, 2)]
    [InlineData(MLPixelFormat.Rgba32, 0)]
    public void A_cell_has_means_deviations_position_and_products(MLPixelFormat format, int red)
    {
        // 5×2 pixels under two cells: columns 0 and 1 left, 2 to 4 right. Red is 10·x + y, green 100, blue 0 but for one 51.
        byte[] pixels = new byte[5 * 2 * 4];
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 5; x++)
            {
                pixels[(((y * 5) + x) * 4) + red] = (byte)((10 * x) + y);
                pixels[(((y * 5) + x) * 4) + 1] = 100;
            }
        }

        pixels[2 - red] = 51;
        float[] cells = Features(MLImage.CreateFromPixels(5, 2, format, pixels), gridHeight: 1, gridWidth: 2);

        Assert.Equal(2 * Dimension, cells.Length);
        float[] left = cells[..Dimension];
        AssertClose([5.5f / 255, 100 / 255f, 12.75f / 255], left[..3]);
        AssertClose([MathF.Sqrt(25.25f) / 255, 0, 51 * MathF.Sqrt(3 / 16f) / 255], left[3..6]);
        AssertClose([0, -0.5f], left[6..8]);
        float[] right = cells[Dimension..];
        AssertClose([30.5f / 255, 100 / 255f, 0], right[..3]);
        AssertClose([0, 0.5f], right[6..8]);
        int at = 8;
        for (int i = 0; i < 8; i++)
        {
            for (int j = i; j < 8; j++)
            {
                Assert.Equal(left[i] * left[j], left[at++], 1e-7f);
            }
        }

        Assert.Equal(Dimension, at);
    }

    [Fact]
    public void Cells_finer_than_pixels_repeat_them()
    {
        byte[] pixels = [0, 0, 255, 255, 255, 0, 0, 255];
        float[] cells = Features(MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels), 3, 4);

        float[][] each = [.. cells.Chunk(Dimension)];
        Assert.All(each, (cell, i) => AssertClose(i % 4 < 2 ? [1, 0, 0] : [0, 0, 1], cell[..3]));
        Assert.All(each, cell => Assert.Equal([0f, 0f, 0f], cell[3..6]));
    }

    [Fact]
    public void It_survives_save_and_load()
    {
        var view = Scene.View(_ml, 3);
        var model = _ml.Transforms.ColorFeaturize("Color", "Frame", 2, 3).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);

        var type = (VectorDataViewType)loaded.GetOutputSchema(view.Schema)["Color"].Type;
        Assert.Equal([2, 3, Dimension], type.Dimensions);
        Assert.Equal(
            model.Transform(view).GetColumn<float[]>("Color"),
            loaded.Transform(view).GetColumn<float[]>("Color")
        );
    }

    [Fact]
    public void All_faults_of_the_arguments_are_told_at_once()
    {
        var fault = Assert.Throws<ArgumentException>(() => _ml.Transforms.ColorFeaturize("", " ", 0, int.MaxValue));

        Assert.Contains("- outputColumnName is empty.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("- inputColumnName is empty.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("- gridHeight is 0; it must be at least 1.", fault.Message, StringComparison.Ordinal);
        var large = Assert.Throws<ArgumentException>(() => _ml.Transforms.ColorFeaturize("A", "B", 65536, 65536));
        Assert.Contains("gridHeight × gridWidth is 65536 × 65536; at most", large.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_do_not_fit_are_refused()
    {
        var view = Scene.View(_ml, 1);

        var missing = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.ColorFeaturize("Color", "Picture", 1, 1).Fit(view)
        );
        Assert.Contains("there is no column 'Picture'", missing.Message, StringComparison.Ordinal);
        var shape = Assert.Throws<ArgumentException>(() =>
            _ml
                .Transforms.ColorFeaturize("A", "Frame", 1, 1)
                .Append(_ml.Transforms.ColorFeaturize("B", "A", 1, 1))
                .Fit(view)
        );
        Assert.Contains("column 'A' is of type", shape.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_an_image_is_named()
    {
        var view = Scene.View(_ml, 1, (row, _) => row.Frame = null!);
        var output = _ml.Transforms.ColorFeaturize("Color", "Frame", 1, 1).Fit(view).Transform(view);

        var fault = Assert.Throws<InvalidOperationException>(() => output.GetColumn<float[]>("Color").ToArray());

        Assert.Contains("Column 'Frame' has a row without an image", fault.Message, StringComparison.Ordinal);
    }

    private float[] Features(MLImage image, int gridHeight, int gridWidth)
    {
        var view = _ml.Data.LoadFromEnumerable([new Row { Picture = image }]);
        return _ml
            .Transforms.ColorFeaturize("Color", "Picture", gridHeight, gridWidth)
            .Fit(view)
            .Transform(view)
            .GetColumn<float[]>("Color")
            .Single();
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

    private sealed class Row
    {
        [ImageType(2, 5)]
        public MLImage Picture { get; set; } = null!;
    }
}
