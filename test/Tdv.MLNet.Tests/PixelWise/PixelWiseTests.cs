using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>Training and what is predicted.</summary>
public sealed class PixelWiseTests : PixelWiseFixture
{
    public static TheoryData<string> Stock => ["lbfgs", "sdca", "sdca-hinge", "lightgbm", "ova"];

    [Theory]
    [MemberData(nameof(Stock))]
    public void Any_stock_trainer_learns_masks_and_survives_save_and_load(string name)
    {
        var train = Scene.View(Ml, 30);
        var test = Scene.View(Ml, 10, seed: 6);
        using var model = Trainers.PixelWise(Trainer(name)).Fit(train);
        var metrics = Ml.MulticlassClassification.EvaluateMasks(model.Transform(test));

        Assert.True(metrics.PixelAccuracy > 0.85, metrics.GetFormattedTable());
        Assert.Equal(["Sky", "Road", "Tree", "Ghost"], model.ClassNames);

        var loaded = SaveAndLoad(model, train.Schema);
        Assert.Equal(Masks(model.Transform(test)), Masks(loaded.Transform(test)));
        Assert.Equal(Scores(model.Transform(test)), Scores(loaded.Transform(test)));
        var legend = MaskLegend.Of(loaded.GetOutputSchema(test.Schema)["PredictedLabel"]);
        Assert.Equal(["Sky", "Road", "Tree", "Ghost"], legend.Names);
        Assert.Equal([0, 1, 2, 3], legend.Ids);
        Assert.Equal(0x804080u, legend.Colors[1]);
    }

    [Fact]
    public void Semantic_segmentation_is_another_name_for_it()
    {
        var train = Scene.View(Ml, 10);
        var test = Scene.View(Ml, 5, seed: 6);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(train);
        using var named = Trainers.SemanticSegmentation(Trainers.LbfgsMaximumEntropy()).Fit(train);

        Assert.Equal(Masks(model.Transform(test)), Masks(named.Transform(test)));
        Assert.Equal(
            Ml.MulticlassClassification.EvaluateMasks(model.Transform(test)).MeanIoU,
            Ml.MulticlassClassification.EvaluateSemanticSegmentation(named.Transform(test)).MeanIoU
        );
    }

    [Fact]
    public void A_prediction_engine_gives_what_a_view_gives()
    {
        var rows = Scene.Rows(5, seed: 8);
        var view = Scene.View(Ml, 5, seed: 8);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(Ml, 20));
        using var engine = Ml.Model.CreatePredictionEngine<Scene, Prediction>(SaveAndLoad(model, view.Schema));

        var predictions = rows.Select(engine.Predict).Select(p => (p.PredictedLabel, p.Score)).ToArray();

        Assert.Equal(Masks(model.Transform(view)), predictions.Select(p => p.PredictedLabel));
        Assert.Equal(Scores(model.Transform(view)), predictions.Select(p => p.Score));
        Assert.All(predictions, p => Assert.Equal(Scene.Height * Scene.Width, p.PredictedLabel.Length));
    }

    [Theory]
    [InlineData("lbfgs", 0f)]
    [InlineData("sdca-hinge", float.NegativeInfinity)]
    public void A_class_without_samples_keeps_its_key_and_is_never_predicted(string trainer, float score)
    {
        // Road (key 2) becomes Ghost (key 4), so that a class in the middle is missing.
        var train = Scene.View(Ml, 20, (row, _) => row.Mask = row.Mask.Select(key => key == 2 ? 4u : key).ToArray());
        using var model = Trainers.PixelWise(Trainer(trainer)).Fit(train);
        var output = SaveAndLoad(model, train.Schema).Transform(train);

        Assert.Equal([1u, 3u, 4u], Masks(output).SelectMany(m => m).Distinct().Order());
        Assert.All(Scores(output).SelectMany(s => s.Chunk(4)), s => Assert.Equal(score, s[1]));
        Assert.Equal(
            [Scene.GridHeight, Scene.GridWidth, 4],
            ((VectorDataViewType)output.Schema["Score"].Type).Dimensions
        );
        Assert.True(Ml.MulticlassClassification.EvaluateMasks(output).PixelAccuracy > 0.85);
    }

    [Fact]
    public void The_features_are_read_once_and_outputs_that_nobody_reads_not_at_all()
    {
        var train = (AnnotatedView)Scene.View(Ml, 10);
        using var model = Trainers.PixelWise(Trainers.SdcaMaximumEntropy()).Fit(train);
        Assert.Equal(1, train.FeaturePasses);

        Assert.Equal(10, model.Transform(train).GetColumn<uint[]>("Mask").Count());
        Assert.Equal(1, train.FeaturePasses);
    }

    [Fact]
    public void Training_repeats_with_its_seed()
    {
        var options = new PixelWiseOptions { SamplesPerImage = 10, Seed = 3 };
        var trainer = Trainers.LbfgsMaximumEntropy();

        Assert.Equal(Fit(3), Fit(3));
        Assert.NotEqual(Fit(3), Fit(4));

        float[] Fit(int seed)
        {
            using var model = Trainers.PixelWise(trainer, options with { Seed = seed }).Fit(Scene.View(Ml, 10));
            return LinearCellScorer.TryFold(model.RowModel, model.Model.Whitening, true)!.Map.Weights;
        }
    }

    [Fact]
    public void Without_an_image_the_mask_lies_on_the_grid()
    {
        var options = new PixelWiseOptions { ImageColumnName = null };
        var view = Scene.View(Ml, 20, (row, _) => row.Mask = OnGrid(row.Mask));
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(view);
        var output = SaveAndLoad(model, view.Schema).Transform(view);

        Assert.Equal(
            [Scene.GridHeight, Scene.GridWidth],
            ((VectorDataViewType)output.Schema["PredictedLabel"].Type).Dimensions
        );
        Assert.True(Ml.MulticlassClassification.EvaluateMasks(output).PixelAccuracy > 0.95);
    }

    [Fact]
    public void Trained_on_one_grid_it_predicts_on_a_finer_one()
    {
        var options = new PixelWiseOptions { PositionFeatures = true, ImageColumnName = null };
        var train = Scene.View(Ml, 20, (row, _) => row.Mask = OnGrid(row.Mask));
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(train);
        var cell = new float[] { 3.5f, 0.5f, 0.5f, 3550 };
        var fine = new FineFeatures { Features = Enumerable.Repeat(cell, 24).SelectMany(f => f).ToArray() };

        var mask = Assert.Single(Masks(model.Transform(Ml.Data.LoadFromEnumerable([fine]))));

        Assert.Equal(Enumerable.Repeat(1u, 24), mask);
    }

    private sealed class FineFeatures
    {
        [VectorType(4, 6, Scene.Depth)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        [KeyType(4)]
        public uint[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
