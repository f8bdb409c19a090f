using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

public sealed class ExpandPixelsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Pixel_rows_hold_interpolated_features_positions_and_labels()
    {
        // One image whose first feature is x of the cell (0 to 3) and whose second is y (0 to 2).
        var view = Scene.View(
            _ml,
            1,
            (row, _) =>
            {
                for (var cell = 0; cell < 12; cell++)
                {
                    row.Features[cell * 4] = cell % 4;
                    row.Features[cell * 4 + 1] = cell / 4;
                }

                Array.Fill(row.Mask, 0u);
                row.Mask[0] = 1; // the corner: beyond the centers of the outer cells
                row.Mask[1 * 8 + 2] = 3; // y=1, x=2
            }
        );
        var pixels = _ml.Data.ExpandPixels(view);

        Assert.Equal([1u, 3u], pixels.GetColumn<uint>("Label"));
        var features = pixels.GetColumn<float[]>("Features").ToArray();
        // (0 + 0.5) · 4/8 − 0.5 < 0: the corner cell itself. Its center is at y = 1/3 − 1, x = 1/4 − 1.
        Assert.Equal(0f, features[0][0]);
        Assert.Equal(0f, features[0][1]);
        AssertClose([-2 / 3f, -0.75f, 4 / 9f, 0.5625f, 0.5f], features[0][4..]);
        // x: (2 + 0.5) · 4/8 − 0.5 = 0.75; y: (1 + 0.5) · 3/6 − 0.5 = 0.25.
        AssertClose([0.75f, 0.25f], features[1][..2]);
        // Positions of cells are interpolated like features: y between −2/3 and 0, x² between 0.5625 and 0.0625.
        AssertClose([-0.5f, -0.375f, 0.75f * 4 / 9, 0.1875f], features[1][4..8]);
    }

    [Fact]
    public void Rows_are_the_same_in_every_pass_and_order()
    {
        var view = Scene.View(_ml, 6);
        var options = new PixelExpansionOptions { SamplesPerImage = 5 };
        var pixels = _ml.Data.ExpandPixels(view, options);
        var first = Sorted(pixels);

        Assert.Equal(30, first.Length);
        Assert.Equal(first, Sorted(pixels));
        var shuffled = _ml.Data.ShuffleRows(_ml.Data.Cache(pixels), seed: 3);
        Assert.Equal(first, Sorted(shuffled));
        Assert.NotEqual(first, Sorted(_ml.Data.ExpandPixels(view, options with { Seed = 99 })));
    }

    [Fact]
    public void Labels_alone_read_no_features()
    {
        var view = (AnnotatedView)Scene.View(_ml, 2);

        Assert.Equal(96, _ml.Data.ExpandPixels(view).GetColumn<uint>("Label").Count());

        Assert.Equal(0, view.FeaturePasses);
    }

    [Fact]
    public void Columns_on_one_grid_are_put_side_by_side()
    {
        var view = Scene.View(_ml, 1);
        var options = new PixelExpansionOptions
        {
            FeatureColumnNames = ["Features", "Features"],
            PositionFeatures = false,
        };

        var row = _ml.Data.ExpandPixels(view, options).GetColumn<float[]>("Features").First();

        Assert.Equal(8, row.Length);
        Assert.Equal(row[..4], row[4..]);
    }

    [Fact]
    public void Columns_of_coarser_grids_are_interpolated_to_the_finest()
    {
        // Colors on 2×2 cells beside features on 3×4; red grows by 30 from one column of pixels to the next.
        var view = Scene.View(
            _ml,
            1,
            (row, _) =>
            {
                byte[] pixels = new byte[Scene.Height * Scene.Width * 4];
                for (int pixel = 0; pixel < Scene.Height * Scene.Width; pixel++)
                {
                    pixels[(pixel * 4) + 2] = (byte)(pixel % Scene.Width * 30);
                }

                row.Frame = MLImage.CreateFromPixels(Scene.Width, Scene.Height, MLPixelFormat.Bgra32, pixels);
                Array.Fill(row.Mask, 1u);
            }
        );
        var colored = _ml.Transforms.ColorFeaturize("Color", "Frame", 2, 2).Fit(view).Transform(view);
        var options = new PixelExpansionOptions { FeatureColumnNames = ["Color", "Features"] };

        float[][] pixels = [.. _ml.Data.ExpandPixels(colored, options).GetColumn<float[]>("Features")];

        Assert.All(pixels, pixel => Assert.Equal(44 + Scene.Depth + 5, pixel.Length));
        // The two cells' means are 45 and 165. Interpolated to the finer cells they are 45, 75, 135, 165, between which
        // pixels lie at 1/4 and 3/4.
        float[] reds = [45, 52.5f, 67.5f, 90, 120, 142.5f, 157.5f, 165];
        AssertClose([.. reds.Select(red => red / 255)], [.. pixels.Take(Scene.Width).Select(pixel => pixel[0])]);
        // The finest column is what it would be alone.
        float[][] alone = [.. _ml.Data.ExpandPixels(view).GetColumn<float[]>("Features")];
        Assert.All(alone.Zip(pixels), pair => Assert.Equal(pair.First, pair.Second[44..]));
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));

    private static string[] Sorted(IDataView pixels) =>
        pixels.GetColumn<float[]>("Features").Select(f => string.Join(' ', f)).Order(StringComparer.Ordinal).ToArray();
}
