using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

public sealed class PixelWiseTests
{
    private readonly MLContext _ml = new(seed: 1);

    private MulticlassClassificationCatalog.MulticlassClassificationTrainers Trainers =>
        _ml.MulticlassClassification.Trainers;

    public static TheoryData<string> Stock => ["lbfgs", "sdca", "sdca-hinge", "lightgbm", "ova"];

    [Theory]
    [MemberData(nameof(Stock))]
    public void Any_stock_trainer_learns_masks_and_survives_save_and_load(string name)
    {
        var train = Scene.View(_ml, 30);
        var test = Scene.View(_ml, 10, seed: 6);
        using var model = Trainers.PixelWise(Trainer(name)).Fit(train);
        var metrics = _ml.MulticlassClassification.EvaluateMasks(model.Transform(test));

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
    public void A_prediction_engine_gives_what_a_view_gives()
    {
        var rows = Scene.Rows(5, seed: 8);
        var view = Scene.View(_ml, 5, seed: 8);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(_ml, 20));
        using var engine = _ml.Model.CreatePredictionEngine<Scene, Prediction>(SaveAndLoad(model, view.Schema));

        var predictions = rows.Select(engine.Predict).Select(p => (p.PredictedLabel, p.Score)).ToArray();

        Assert.Equal(Masks(model.Transform(view)), predictions.Select(p => p.PredictedLabel));
        Assert.Equal(Scores(model.Transform(view)), predictions.Select(p => p.Score));
        Assert.All(predictions, p => Assert.Equal(Scene.Height * Scene.Width, p.PredictedLabel.Length));
    }

    [Theory]
    [InlineData("lbfgs", true)]
    [InlineData("lbfgs", false)]
    [InlineData("sdca-hinge", true)]
    public void A_linear_model_as_a_matrix_equals_the_model_itself(string trainer, bool whiten)
    {
        var test = Scene.View(_ml, 10, seed: 6);
        // Without whitening the badly scaled feature would swamp the others.
        using var model = Trainers
            .PixelWise(Trainer(trainer), new PixelWiseOptions { Whiten = whiten })
            .Fit(Scene.View(_ml, 20));
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
        var test = Scene.View(_ml, 10, seed: 6);
        using var trained = Trainers
            .PixelWise(Trainer(trainer), new PixelWiseOptions { Stride = stride })
            .Fit(Scene.View(_ml, 20));
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
        var trees = _ml.BinaryClassification.Trainers.LightGbm(numberOfIterations: 2, minimumExampleCountPerLeaf: 5);

        using var model = Trainers.PixelWise(Trainers.OneVersusAll(trees)).Fit(Scene.View(_ml, 20));

        Assert.IsType<ModelCellScorer>(model.CreateScorer(1));
    }

    [Fact]
    public void A_linear_model_on_the_grid_equals_classifying_each_pixels_interpolated_features()
    {
        var test = Scene.View(_ml, 6, seed: 6);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(_ml, 20));
        var linear = LinearCellScorer.TryFold(model.RowModel, model.Model.Whitening, true)!.Map;
        var pixels = _ml.Data.ExpandPixels(test, new PixelExpansionOptions { SamplesPerImage = 1000 });
        var features = pixels.GetColumn<float[]>("Features").ToArray();
        var scores = new float[features.Length * 3];
        linear.Apply(features.SelectMany(f => f).ToArray(), features.Length, scores);

        var expected = scores.Chunk(3).Select(s => (uint)Array.IndexOf(s, s.Max()) + 1);

        Assert.Equal(expected, Masks(model.Transform(test)).SelectMany(m => m));
    }

    [Theory]
    [InlineData("lbfgs", 0f)]
    [InlineData("sdca-hinge", float.NegativeInfinity)]
    public void A_class_without_samples_keeps_its_key_and_is_never_predicted(string trainer, float score)
    {
        // Road (key 2) becomes Ghost (key 4), so that a class in the middle is missing.
        var train = Scene.View(_ml, 20, (row, _) => row.Mask = row.Mask.Select(key => key == 2 ? 4u : key).ToArray());
        using var model = Trainers.PixelWise(Trainer(trainer)).Fit(train);
        var output = SaveAndLoad(model, train.Schema).Transform(train);

        Assert.Equal([1u, 3u, 4u], Masks(output).SelectMany(m => m).Distinct().Order());
        Assert.All(Scores(output).SelectMany(s => s.Chunk(4)), s => Assert.Equal(score, s[1]));
        Assert.Equal(
            [Scene.GridHeight, Scene.GridWidth, 4],
            ((VectorDataViewType)output.Schema["Score"].Type).Dimensions
        );
        Assert.True(_ml.MulticlassClassification.EvaluateMasks(output).PixelAccuracy > 0.85);
    }

    [Fact]
    public void The_features_are_read_once_and_outputs_that_nobody_reads_not_at_all()
    {
        var train = (AnnotatedView)Scene.View(_ml, 10);
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
            using var model = Trainers.PixelWise(trainer, options with { Seed = seed }).Fit(Scene.View(_ml, 10));
            return LinearCellScorer.TryFold(model.RowModel, model.Model.Whitening, true)!.Map.Weights;
        }
    }

    [Theory]
    [InlineData("lbfgs")]
    [InlineData("lightgbm")]
    public void With_a_stride_of_1_each_pixel_is_classified_from_its_interpolated_features(string trainer)
    {
        var options = new PixelWiseOptions { Stride = 1 };
        var test = Scene.View(_ml, 4, seed: 6);
        using var model = Trainers.PixelWise(Trainer(trainer), options).Fit(Scene.View(_ml, 20));
        var pixels = _ml.Data.ExpandPixels(test, new PixelExpansionOptions { SamplesPerImage = 1000 });
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
        var view = Scene.View(_ml, 20);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(view);

        var loaded = (PixelWiseTransformer)SaveAndLoad(model, view.Schema);

        Assert.Equal(3, loaded.Model.Options.Stride);
        Assert.True(loaded.Model.Options.FollowEdges);
        Assert.Equal(Masks(model.Transform(view)), Masks(loaded.Transform(view)));
    }

    [Fact]
    public void A_model_saved_before_there_were_ways_of_painting_still_loads()
    {
        var view = Scene.View(_ml, 20);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.Entries.Single(entry => entry.Name == "Painting").Delete();
        }

        var loaded = (PixelWiseTransformer)new MLContext().Model.Load(stream, out _);

        Assert.Null(loaded.Model.Options.Stride);
        Assert.False(loaded.Model.Options.FollowEdges);
        Assert.Equal(Masks(model.Transform(view)), Masks(loaded.Transform(view)));
    }

    [Fact]
    public void Without_an_image_the_mask_lies_on_the_grid()
    {
        var options = new PixelWiseOptions { ImageColumnName = null };
        var view = Scene.View(_ml, 20, (row, _) => row.Mask = OnGrid(row.Mask));
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(view);
        var output = SaveAndLoad(model, view.Schema).Transform(view);

        Assert.Equal(
            [Scene.GridHeight, Scene.GridWidth],
            ((VectorDataViewType)output.Schema["PredictedLabel"].Type).Dimensions
        );
        Assert.True(_ml.MulticlassClassification.EvaluateMasks(output).PixelAccuracy > 0.95);
    }

    [Fact]
    public void A_schema_that_does_not_fit_is_refused_with_all_faults()
    {
        var options = new PixelWiseOptions
        {
            FeatureColumnNames = ["Mask", "Missing"],
            LabelColumnName = "Features",
            ImageColumnName = "Nothing",
        };

        var error = Assert.Throws<ArgumentException>(() =>
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(Scene.View(_ml, 1))
        );

        Assert.Equal(
            """
            PixelWise cannot use these columns:
            - feature column 'Mask' is of type Vector<Key<UInt32, 0-3>>; Vector<Single, height, width, dimension> of known size is expected.
            - there is no feature column 'Missing'.
            - there is no image column 'Nothing'. Set ImageColumnName to the image whose size masks have, or to null for masks on the feature grid.
            - mask column 'Features' is of type Vector<Single, 3, 4, 4>; Vector<Key<UInt32>> is expected.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void Options_are_refused_with_all_faults()
    {
        var options = new PixelWiseOptions
        {
            FeatureColumnNames = [],
            SamplesPerImage = 0,
            ClassBalance = 2,
            ScoreColumnName = "PredictedLabel",
            Stride = 0,
            ImageColumnName = null,
        };

        var error = Assert.Throws<ArgumentException>(() => Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options));

        Assert.Equal(
            """
            PixelWise cannot work with these options:
            - FeatureColumnNames must hold at least one name and no empty one.
            - SamplesPerImage is 0; at least 1 is expected.
            - ClassBalance is 2; 0 to 1 is expected.
            - PredictedLabelColumnName and ScoreColumnName are both 'PredictedLabel'.
            - Stride is 0; at least 1 is expected, or null.
            - Stride and FollowEdges are about a picture's pixels, but ImageColumnName is null.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void A_mask_of_another_size_than_its_image_is_an_error()
    {
        var view = Scene.View(_ml, 3, (row, i) => row.Mask = i == 1 ? new uint[12] : row.Mask);

        var error = Assert.Throws<InvalidDataException>(() =>
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(view)
        );

        Assert.Equal(
            "Row 1: the mask in 'Mask' has 12 pixels, but its image in 'Frame' is 8×6 = 48. A mask must have the size of "
                + "what it labels.",
            error.Message
        );
    }

    [Fact]
    public void One_class_alone_is_an_error()
    {
        var view = Scene.View(_ml, 3, (row, _) => Array.Fill(row.Mask, 2u));

        var error = Assert.Throws<InvalidOperationException>(() =>
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(view)
        );

        Assert.Equal(
            "The masks in 'Mask' hold only the class 'Road' besides ignored pixels, but a classifier needs at least two "
                + "classes. Add images whose masks hold others.",
            error.Message
        );
    }

    [Fact]
    public void A_trainer_for_other_columns_is_refused_before_any_image_is_read()
    {
        var view = (AnnotatedView)Scene.View(_ml, 1);

        var error = Assert.Throws<ArgumentException>(() =>
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy("Mask", "Features")).Fit(view)
        );

        Assert.StartsWith(
            "The trainer given to PixelWise does not accept pixel rows, which have the columns 'Features' "
                + "(Vector<Single>) and 'Label' (Key<UInt32>). Give it these column names. It says: ",
            error.Message
        );
        Assert.Equal(0, view.FeaturePasses);
    }

    [Fact]
    public void A_feature_that_is_not_finite_is_an_error()
    {
        var view = Scene.View(_ml, 1, (row, _) => row.Features[5] = float.NaN);

        var error = Assert.Throws<InvalidDataException>(() =>
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(view)
        );

        Assert.Matches(
            "^Sampled pixel [0-9]+ has the feature NaN in Features; finite numbers are expected\\.",
            error.Message
        );
    }

    [Fact]
    public void Features_of_another_network_are_refused()
    {
        var options = new PixelWiseOptions { FeatureColumnNames = ["Features", "Again"] };
        var twice = _ml.Transforms.CopyColumns("Again", "Features").Fit(Scene.View(_ml, 20));
        using var model = Trainers
            .PixelWise(Trainers.LbfgsMaximumEntropy(), options)
            .Fit(twice.Transform(Scene.View(_ml, 20)));
        var other = _ml.Data.LoadFromEnumerable([new OtherFeatures()]);

        var error = Assert.Throws<ArgumentException>(() => model.Transform(other));

        Assert.Equal(
            """
            PixelWise cannot use these columns:
            - there is no image column 'Frame'. Set ImageColumnName to the image whose size masks have, or to null for masks on the feature grid.
            - feature column 'Again' has 2 features per cell; the model was trained on 4. Use the featurizer it was trained with.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void A_missing_image_is_an_error_only_where_its_size_matters()
    {
        var view = Scene.View(_ml, 2, (row, _) => row.Frame = null!);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(_ml, 20));

        Assert.Equal(2, Scores(model.Transform(view)).Length);
        Assert.Equal(
            "Row 0: the image in 'Frame', whose size the mask has, is missing.",
            Assert.Throws<InvalidDataException>(() => Masks(model.Transform(view))).Message
        );
    }

    [Fact]
    public void Trained_on_one_grid_it_predicts_on_a_finer_one()
    {
        var options = new PixelWiseOptions { PositionFeatures = true, ImageColumnName = null };
        var train = Scene.View(_ml, 20, (row, _) => row.Mask = OnGrid(row.Mask));
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(train);
        var cell = new float[] { 3.5f, 0.5f, 0.5f, 3550 };
        var fine = new FineFeatures { Features = Enumerable.Repeat(cell, 24).SelectMany(f => f).ToArray() };

        var mask = Assert.Single(Masks(model.Transform(_ml.Data.LoadFromEnumerable([fine]))));

        Assert.Equal(Enumerable.Repeat(1u, 24), mask);
    }

    private static uint[] OnGrid(uint[] mask) =>
        Enumerable
            .Range(0, Scene.GridHeight * Scene.GridWidth)
            .Select(cell => mask[2 * (cell / Scene.GridWidth) * Scene.Width + 2 * (cell % Scene.GridWidth)])
            .ToArray();

    private static uint[][] Masks(IDataView view) => view.GetColumn<uint[]>("PredictedLabel").ToArray();

    private static float[][] Scores(IDataView view) => view.GetColumn<float[]>("Score").ToArray();

    private IEstimator<ITransformer> Trainer(string name) =>
        name switch
        {
            "lbfgs" => Trainers.LbfgsMaximumEntropy(),
            "sdca" => Trainers.SdcaMaximumEntropy(),
            "sdca-hinge" => Trainers.SdcaNonCalibrated(),
            "lightgbm" => Trainers.LightGbm(numberOfIterations: 20, minimumExampleCountPerLeaf: 5),
            "ova" => Trainers.OneVersusAll(Binary.AveragedPerceptron()),
            "ova-svm-raw" => Trainers.OneVersusAll(Binary.LinearSvm(), useProbabilities: false),
            "ova-sdca-raw" => Trainers.OneVersusAll(Binary.SdcaNonCalibrated(), useProbabilities: false),
            "ova-logistic" => Trainers.OneVersusAll(Binary.LbfgsLogisticRegression()),
            _ => Trainers.OneVersusAll(
                Binary.AveragedPerceptron(),
                calibrator: _ml.BinaryClassification.Calibrators.Isotonic()
            ),
        };

    private BinaryClassificationCatalog.BinaryClassificationTrainers Binary => _ml.BinaryClassification.Trainers;

    /// <summary>Loads with a context of its own, as another process would.</summary>
    private ITransformer SaveAndLoad(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }

    private sealed class FineFeatures
    {
        [VectorType(4, 6, Scene.Depth)]
        public float[] Features { get; set; } = [];
    }

    private sealed class OtherFeatures
    {
        [VectorType(3, 4, Scene.Depth)]
        public float[] Features { get; set; } = new float[48];

        [VectorType(3, 4, 2)]
        public float[] Again { get; set; } = new float[24];
    }

    private sealed class Prediction
    {
        [KeyType(4)]
        public uint[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
