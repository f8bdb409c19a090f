using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>From scores to masks: on the grid, with a stride, by a matrix, and as saved.</summary>
public sealed class PixelPaintingTests : PixelWiseFixture
{
    [Theory]
    [InlineData("lbfgs", true)]
    [InlineData("lbfgs", false)]
    [InlineData("sdca-hinge", true)]
    public void A_linear_model_as_a_matrix_equals_the_model_itself(string trainer, bool whiten)
    {
        var test = Scene.View(Ml, 10, seed: 6);
        // Without whitening the badly scaled feature would swamp the others.
        using var model = Trainers
            .PixelWise(Trainer(trainer), new PixelWiseOptions { Whiten = whiten })
            .Fit(Scene.View(Ml, 20));
        var masks = Masks(model.Transform(test));
        var scores = Scores(model.Transform(test));
        Assert.IsType<LinearCellScorer>(model.CreateScorer(1));

        model.UseMatrix = false;

        Assert.IsType<ModelCellScorer>(model.CreateScorer(1));
        Assert.Equal(masks, Masks(model.Transform(test)));
        Assert.All(
            scores.SelectMany(s => s).Zip(Scores(model.Transform(test)).SelectMany(s => s)),
            pair => Assert.True(pair.First == pair.Second || Math.Abs(pair.First - pair.Second) < 1e-3f)
        );
    }

    [Theory]
    [InlineData("ova", null)]
    [InlineData("ova-svm-raw", null)]
    [InlineData("ova-sdca-raw", null)]
    [InlineData("ova-logistic", null)]
    [InlineData("ova-isotonic", null)]
    [InlineData("ova-logistic", 2)]
    public void Binary_linear_models_under_one_versus_all_are_a_matrix_too(string trainer, int? stride)
    {
        var test = Scene.View(Ml, 10, seed: 6);
        using var trained = Trainers
            .PixelWise(Trainer(trainer), new PixelWiseOptions { Stride = stride })
            .Fit(Scene.View(Ml, 20));
        using var model = (PixelWiseTransformer)SaveAndLoad(trained, test.Schema);
        Assert.IsType<LinearCellScorer>(model.CreateScorer(1));
        uint[][] masks = Masks(model.Transform(test));
        float[] scores = [.. Scores(model.Transform(test)).SelectMany(s => s)];

        model.UseMatrix = false;

        Assert.IsType<ModelCellScorer>(model.CreateScorer(1));
        Assert.Equal(masks, Masks(model.Transform(test)));
        float[] stock = [.. Scores(model.Transform(test)).SelectMany(s => s)];
        float most = Math.Max(1, stock.Where(float.IsFinite).Max(Math.Abs));
        Assert.All(
            scores.Zip(stock),
            pair => Assert.True(pair.First == pair.Second || Math.Abs(pair.First - pair.Second) < 1e-5f * most)
        );
    }

    [Fact]
    public void Trees_under_one_versus_all_are_not_a_matrix()
    {
        var trees = Ml.BinaryClassification.Trainers.LightGbm(numberOfIterations: 2, minimumExampleCountPerLeaf: 5);

        using var model = Trainers.PixelWise(Trainers.OneVersusAll(trees)).Fit(Scene.View(Ml, 20));

        Assert.IsType<ModelCellScorer>(model.CreateScorer(1));
    }

    [Fact]
    public void A_linear_model_on_the_grid_equals_classifying_each_pixels_interpolated_features()
    {
        var test = Scene.View(Ml, 6, seed: 6);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(Ml, 20));
        var linear = LinearCellScorer.TryFold(model.RowModel, model.Model.Whitening, true)!.Map;
        var pixels = Ml.Data.ExpandPixels(test, new PixelExpansionOptions { SamplesPerImage = 1000 });
        var features = pixels.GetColumn<float[]>("Features").ToArray();
        var scores = new float[features.Length * 3];
        linear.Apply(features.SelectMany(f => f).ToArray(), features.Length, scores);

        var expected = scores.Chunk(3).Select(s => (uint)Array.IndexOf(s, s.Max()) + 1);

        Assert.Equal(expected, Masks(model.Transform(test)).SelectMany(m => m));
    }

    [Theory]
    [InlineData("lbfgs")]
    [InlineData("lightgbm")]
    public void With_a_stride_of_1_each_pixel_is_classified_from_its_interpolated_features(string trainer)
    {
        var options = new PixelWiseOptions { Stride = 1 };
        var test = Scene.View(Ml, 4, seed: 6);
        using var model = Trainers.PixelWise(Trainer(trainer), options).Fit(Scene.View(Ml, 20));
        var pixels = Ml.Data.ExpandPixels(test, new PixelExpansionOptions { SamplesPerImage = 1000 });
        var features = pixels.GetColumn<float[]>("Features").ToArray();
        using var scorer = model.CreateScorer(1);
        var scores = new float[features.Length * 3];
        scorer.Score(features.SelectMany(f => f).ToArray(), features.Length, scores);

        var expected = scores.Chunk(3).Select(s => (uint)Array.IndexOf(s, s.Max()) + 1);

        Assert.Equal(expected, Masks(model.Transform(test)).SelectMany(m => m));
    }

    [Fact]
    public void How_masks_are_painted_is_saved_with_the_model()
    {
        var options = new PixelWiseOptions { Stride = 3, FollowEdges = true };
        var view = Scene.View(Ml, 20);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(view);

        var loaded = (PixelWiseTransformer)SaveAndLoad(model, view.Schema);

        Assert.Equal(3, loaded.Model.Options.Stride);
        Assert.True(loaded.Model.Options.FollowEdges);
        Assert.Equal(Masks(model.Transform(view)), Masks(loaded.Transform(view)));
    }

    [Fact]
    public void A_model_saved_before_there_were_ways_of_painting_still_loads()
    {
        var view = Scene.View(Ml, 20);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(view);
        using var stream = new MemoryStream();
        Ml.Model.Save(model, view.Schema, stream);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.Entries.Single(entry => entry.Name == "Painting").Delete();
        }

        var loaded = (PixelWiseTransformer)new MLContext().Model.Load(stream, out _);

        Assert.Null(loaded.Model.Options.Stride);
        Assert.False(loaded.Model.Options.FollowEdges);
        Assert.Equal(Masks(model.Transform(view)), Masks(loaded.Transform(view)));
    }
}
