using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Evaluation;
using Tdv.MLNet.Tests.Masks;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>What the pixel classifier refuses, and how it says so.</summary>
public sealed class PixelWiseFaultsTests : PixelWiseFixture
{
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
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy(), options).Fit(Scene.View(Ml, 1))
        );

        Assert.Equal(
            """
            PixelWise cannot use these columns:
            - column 'Mask' is of type Vector<Key<UInt32, 0-3>>; Vector<Single, height, width, D> is expected, as TdvFeaturize or ColorFeaturize gives it.
            - there is no column 'Missing' among 'Features', 'Frame', 'Mask'; Vector<Single, height, width, D> is expected, as TdvFeaturize or ColorFeaturize gives it.
            - there is no column 'Nothing' among 'Features', 'Frame', 'Mask'; Image is expected, as LoadPictures or LoadFromVideos gives it.
            - column 'Features' is of type Vector<Single, 3, 4, 4>; Vector<Key<UInt32>> is expected, as LoadMasks gives it.
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
        var view = Scene.View(Ml, 3, (row, i) => row.Mask = i == 1 ? new uint[12] : row.Mask);

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
        var view = Scene.View(Ml, 3, (row, _) => Array.Fill(row.Mask, 2u));

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
        var view = (AnnotatedView)Scene.View(Ml, 1);

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
        var view = Scene.View(Ml, 1, (row, _) => row.Features[5] = float.NaN);

        var error = Assert.Throws<InvalidDataException>(() =>
            Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(view)
        );

        Assert.StartsWith(
            "Row 0: 'Features' holds NaN (number 5 of 48); finite numbers are expected.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_mask_is_not_painted_of_features_that_are_not_finite()
    {
        var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(Ml, 4));
        var spoiled = model.Transform(
            Scene.View(
                Ml,
                4,
                (row, index) =>
                {
                    if (index == 2)
                    {
                        row.Features[47] = float.PositiveInfinity;
                    }
                }
            )
        );

        var error = Assert.Throws<InvalidDataException>(() =>
            spoiled.GetColumn<VBuffer<uint>>("PredictedLabel").ToList()
        );

        Assert.StartsWith(
            "Row 2: 'Features' holds Infinity (number 47 of 48)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Features_of_another_network_are_refused()
    {
        var options = new PixelWiseOptions { FeatureColumnNames = ["Features", "Again"] };
        var twice = Ml.Transforms.CopyColumns("Again", "Features").Fit(Scene.View(Ml, 20));
        using var model = Trainers
            .PixelWise(Trainers.LbfgsMaximumEntropy(), options)
            .Fit(twice.Transform(Scene.View(Ml, 20)));
        var other = Ml.Data.LoadFromEnumerable([new OtherFeatures()]);

        var error = Assert.Throws<ArgumentException>(() => model.Transform(other));

        Assert.Equal(
            """
            PixelWise cannot use these columns:
            - there is no column 'Frame' among 'Features', 'Again'; Image is expected, as LoadPictures or LoadFromVideos gives it.
            - feature column 'Again' has 2 features per cell; the model was trained on 4. Use the featurizer it was trained with.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void A_missing_image_is_an_error_only_where_its_size_matters()
    {
        var view = Scene.View(Ml, 2, (row, _) => row.Frame = null!);
        using var model = Trainers.PixelWise(Trainers.LbfgsMaximumEntropy()).Fit(Scene.View(Ml, 20));

        Assert.Equal(2, Scores(model.Transform(view)).Length);
        Assert.Equal(
            "Row 0: the image in 'Frame', whose size the mask has, is missing.",
            Assert.Throws<InvalidDataException>(() => Masks(model.Transform(view))).Message
        );
    }

    private sealed class OtherFeatures
    {
        [VectorType(3, 4, Scene.Depth)]
        public float[] Features { get; set; } = new float[48];

        [VectorType(3, 4, 2)]
        public float[] Again { get; set; } = new float[24];
    }
}
