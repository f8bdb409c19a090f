using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Visualization;

public class FeatureColorsTests
{
    private const int Rows = 3;
    private const int Columns = 4;
    private const int Dimension = 5;

    /// <summary>Dimension 3 differs most, then 0, then 4; the rest do not.</summary>
    private static readonly float[] Spread = [2, 0, 0, 6, 1];

    [Fact]
    public void The_strongest_directions_are_red_green_and_blue()
    {
        float[][] clip = [.. Enumerable.Range(0, 200).Select(Grid)];

        var colors = FeatureColors.Fit(clip, Rows, Columns);

        // Far along one direction, in the middle of the others.
        AssertColor(colors, [0, 0, 0, 12, 0], red: 255, green: null, blue: null);
        AssertColor(colors, [0, 0, 0, -12, 0], red: 0, green: null, blue: null);
        AssertColor(colors, [4, 0, 0, 0, 0], red: null, green: 255, blue: null);
        AssertColor(colors, [0, 0, 0, 0, 2], red: null, green: null, blue: 255);
        AssertColor(colors, [0, 9, 9, 0, 0], red: null, green: null, blue: null);
    }

    [Fact]
    public void A_feature_has_the_same_color_in_every_frame_of_the_clip_and_in_every_fit()
    {
        float[][] clip = [Grid(1), Grid(2), Grid(3)];
        float[] other = Grid(4);
        Grid(1).AsSpan(0, Dimension).CopyTo(other);

        var colors = FeatureColors.Fit(clip, Rows, Columns);
        var again = FeatureColors.Fit(clip, Rows, Columns);

        Assert.Equal(Pixel(colors, clip[0], 0), Pixel(colors, other, 0));
        Assert.NotEqual(Pixel(colors, clip[0], Columns - 1), Pixel(colors, other, Columns - 1));
        Assert.Equal(Pixel(colors, clip[2], 5), Pixel(again, clip[2], 5));
    }

    /// <summary>More cells than are kept: 2,000 frames of 12 each.</summary>
    [Fact]
    public void Long_clips_are_sampled_from_the_beginning_to_the_end()
    {
        float[][] clip = [.. Enumerable.Range(0, 2000).Select(Grid)];
        // Something else differs most in the second half.
        foreach (float[] grid in clip[1000..])
        {
            for (int i = 1; i < grid.Length; i += Dimension)
            {
                grid[i] = 30 * grid[i + 2];
            }
        }

        var first = FeatureColors.Fit(clip[..1000], Rows, Columns);
        var whole = FeatureColors.Fit(clip, Rows, Columns);

        AssertColor(first, [0, 180, 0, 0, 0], red: null, green: null, blue: null);
        AssertColor(whole, [0, 180, 0, 6, 0], red: 255, green: null, blue: null);
    }

    [Fact]
    public void Outliers_do_not_take_the_contrast_from_the_rest()
    {
        float[][] clip = [.. Enumerable.Range(0, 20).Select(Grid)];
        float[][] spoiled = [.. clip.Select(grid => grid.ToArray())];
        Array.Fill(spoiled[3], 1e4f, 3, 1);

        // The spoiled value lies on the direction that is red anyhow.
        int[] calm = [.. clip.Select(grid => Pixel(FeatureColors.Fit(clip, Rows, Columns), grid, 7).Red)];
        int[] rough = [.. clip.Select(grid => Pixel(FeatureColors.Fit(spoiled, Rows, Columns), grid, 7).Red)];

        Assert.All(calm.Zip(rough), pair => Assert.InRange(pair.First - pair.Second, -40, 40));
        Assert.True(rough.Max() - rough.Min() > 100);
    }

    [Fact]
    public void Features_that_are_all_the_same_are_gray()
    {
        var colors = FeatureColors.Fit([new float[Rows * Columns * Dimension]], Rows, Columns);

        Assert.Equal((128, 128, 128), Pixel(colors, new float[Rows * Columns * Dimension], 3));
    }

    [Fact]
    public void A_column_of_a_pipeline_is_painted_in_the_size_asked_for()
    {
        var ml = new MLContext(1);
        using var model = TdvModel.Create(TdvPreset.Tiny, 5);
        var view = Clips.View(ml, 3);
        var features = ml.Transforms.TdvFeaturize("Features", "Frame", model).Fit(view).Transform(view);

        var colors = FeatureColors.Fit(features, "Features");
        using var picture = colors.Paint(features.GetColumn<float[]>("Features").First(), 50, 30);

        Assert.Equal((50, 30), (picture.Width, picture.Height));
        Assert.True(picture.Pixels.ToArray().Distinct().Count() > 20);
    }

    [Fact]
    public void What_is_no_grid_of_features_is_refused()
    {
        var ml = new MLContext(1);
        var view = Clips.View(ml, 1);
        var colors = FeatureColors.Fit([Grid(1)], Rows, Columns);

        Assert.Contains(
            "column 'Frame' is of type Image",
            Assert.Throws<ArgumentException>(() => FeatureColors.Fit(view, "Frame")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "there is no column 'None' among 'Frame', 'PreviousFrame'; Vector<Single, height, width, D> is expected, as TdvFeaturize or ColorFeaturize gives it.",
            Assert.Throws<ArgumentException>(() => FeatureColors.Fit(view, "None")).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "There are 7 values; a grid of 3 × 4 cells with 5 values each has 60.",
            Assert.Throws<ArgumentException>(() => colors.Paint(new float[7], 8, 8)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "There is no row to fit colors to.",
            Assert.Throws<ArgumentException>(() => FeatureColors.Fit([], Rows, Columns)).Message,
            StringComparison.Ordinal
        );
    }

    private static float[] Grid(int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, Rows * Columns * Dimension)
                .Select(i => Spread[i % Dimension] * (float)((2 * random.NextDouble()) - 1)),
        ];
    }

    /// <summary>Paints a frame whose cells all have that feature; null is the middle, roughly.</summary>
    private static void AssertColor(FeatureColors colors, float[] feature, int? red, int? green, int? blue)
    {
        float[] grid = [.. Enumerable.Repeat(feature, Rows * Columns).SelectMany(values => values)];
        var found = Pixel(colors, grid, 0);
        foreach (var (expected, value) in new[] { (red, found.Red), (green, found.Green), (blue, found.Blue) })
        {
            Assert.InRange(value, expected ?? 60, expected ?? 195);
        }
    }

    private static (int Red, int Green, int Blue) Pixel(FeatureColors colors, float[] grid, int cell)
    {
        using var picture = colors.Paint(grid, Columns, Rows);
        var pixel = picture.Pixels.Slice(4 * cell, 4);
        return (pixel[0], pixel[1], pixel[2]);
    }
}
