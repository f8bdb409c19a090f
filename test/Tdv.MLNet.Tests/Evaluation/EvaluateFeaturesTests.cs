using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Masks;
using Tdv.MLNet.Tests.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class EvaluateFeaturesTests
{
    private static readonly FeatureEvaluationOptions OnTheGrid = new()
    {
        Pixels = new PixelWiseOptions { ImageColumnName = null, PositionFeatures = false },
        Neighbors = 1,
    };

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Figures_are_those_computed_by_hand()
    {
        // A mask of a cell each: to the left class 1, to the right class 2. The test's third cell looks like class 2,
        // but is class 1; the fourth is ignored.
        var train = View(([1, 2], [9, 0, 0, 9]), ([1, 2], [8, 1, 1, 8]));
        var test = View(([1, 2], [7, 0, 0, 7]), ([1, 0], [0, 9, 5, 5]));

        var metrics = _ml.MulticlassClassification.EvaluateFeatures(train, test, OnTheGrid);

        foreach (var masks in new[] { metrics.Probe, metrics.Neighbors! })
        {
            Assert.Equal(
                [
                    [1, 1],
                    [0, 1],
                ],
                masks.ConfusionMatrix.Select(row => row.ToArray())
            );
            Assert.Equal([0.5, 0.5], masks.PerClassIoU);
            Assert.Equal(0.75, masks.MeanClassAccuracy);
            Assert.Equal(2 / 3.0, masks.PixelAccuracy);
            Assert.Equal((3, 2), (masks.PixelCount, masks.ImageCount));
        }
    }

    [Fact]
    public void The_probe_is_what_PixelWise_paints_with_the_same_trainer()
    {
        var train = Scene.View(_ml, 6);
        var test = Scene.View(_ml, 4, seed: 9);
        var trainer = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var pixels = new PixelWiseOptions { SamplesPerImage = 20 };

        var metrics = _ml.MulticlassClassification.EvaluateFeatures(
            train,
            test,
            new FeatureEvaluationOptions { Pixels = pixels, Trainer = trainer }
        );
        var painter = _ml.MulticlassClassification.Trainers.PixelWise(trainer, pixels).Fit(train);
        var expected = _ml.MulticlassClassification.EvaluateMasks(painter.Transform(test));

        Assert.Equal(expected.ConfusionMatrix, metrics.Probe.ConfusionMatrix);
        Assert.Equal(["Sky", "Road", "Tree", "Ghost"], metrics.Neighbors!.ClassNames);
        Assert.InRange(metrics.Neighbors.MeanIoU, 0.6, 1);
    }

    [Fact]
    public void Features_are_read_once_and_neighbors_can_be_left_out()
    {
        var train = (AnnotatedView)Scene.View(_ml, 3);
        var test = (AnnotatedView)Scene.View(_ml, 2);

        var metrics = _ml.MulticlassClassification.EvaluateFeatures(
            train,
            test,
            new FeatureEvaluationOptions { Neighbors = 0 }
        );

        Assert.Null(metrics.Neighbors);
        Assert.Equal((1, 1), (train.FeaturePasses, test.FeaturePasses));
    }

    [Fact]
    public void Options_out_of_range_are_told_at_once()
    {
        var options = new FeatureEvaluationOptions
        {
            Pixels = new PixelWiseOptions { SamplesPerImage = 0 },
            Neighbors = -1,
            Temperature = 0,
            References = 0,
        };

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.EvaluateFeatures(Scene.View(_ml, 1), Scene.View(_ml, 1), options)
        );

        Assert.Equal(
            """
            EvaluateFeatures cannot work with these options:
            - SamplesPerImage is 0; at least 1 is expected.
            - Neighbors is -1; at least 1 is expected, or 0 to do without them.
            - Temperature is 0; it must be above 0.
            - References is 0; at least 1 is expected.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void Data_of_another_kind_are_refused()
    {
        var other = _ml.Data.LoadFromEnumerable([new Wide()]);

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.EvaluateFeatures(View(([1, 2], [1, 0, 0, 1])), other, OnTheGrid)
        );

        Assert.Equal(
            """
            EvaluateFeatures cannot compare these data:
            - feature column 'Features' has 2 features per cell to train on, but 3 to test on. Use one featurizer for both.
            - 'Mask' has the classes 0, 1 to train on, but 0, 1, 2 to test on. Load both with the same classes.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    private IDataView View(params (uint[] Mask, float[] Features)[] images) =>
        _ml.Data.LoadFromEnumerable(images.Select(i => new Row { Mask = i.Mask, Features = i.Features }));

    private sealed class Row
    {
        [KeyType(2)]
        public uint[] Mask { get; set; } = [];

        [VectorType(1, 2, 2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Wide
    {
        [KeyType(3)]
        public uint[] Mask { get; set; } = [1, 2];

        [VectorType(1, 2, 3)]
        public float[] Features { get; set; } = new float[6];
    }
}
