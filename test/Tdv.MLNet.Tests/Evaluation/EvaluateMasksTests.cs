using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Masks;
using Tdv.MLNet.Tests.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class EvaluateMasksTests
{
    private readonly MLContext _ml = new();

    [Fact]
    public void Figures_are_those_computed_by_hand()
    {
        // Truth: 1 is right 3 of 4 times (once taken for 2), 2 twice of 2, 3 occurs nowhere, one pixel is ignored.
        var metrics = Evaluate(([1, 1, 0, 2], [1, 2, 1, 2]), ([1, 1, 2], [1, 1, 2]));

        Assert.Equal(
            [
                [3, 1, 0],
                [0, 2, 0],
                [0, 0, 0],
            ],
            metrics.ConfusionMatrix.Select(row => row.ToArray())
        );
        Assert.Equal([3 / 4.0, 2 / 3.0, double.NaN], metrics.PerClassIoU);
        Assert.Equal([3 / 4.0, 1, double.NaN], metrics.PerClassAccuracy);
        Assert.Equal((3 / 4.0 + 2 / 3.0) / 2, metrics.MeanIoU, 12);
        Assert.Equal(0.875, metrics.MeanClassAccuracy, 12);
        Assert.Equal(5 / 6.0, metrics.PixelAccuracy, 12);
        Assert.Equal(6, metrics.PixelCount);
        Assert.Equal(2, metrics.ImageCount);
        Assert.Equal("mIoU=0.708 mAcc=0.875 pixelAcc=0.833", metrics.ToString());
    }

    [Fact]
    public void A_class_that_is_only_predicted_counts_with_IoU_0()
    {
        var metrics = Evaluate(([1, 1], [1, 3]));

        Assert.Equal([0.5, double.NaN, 0], metrics.PerClassIoU);
        Assert.Equal([0.5, double.NaN, double.NaN], metrics.PerClassAccuracy);
        Assert.Equal(0.25, metrics.MeanIoU);
    }

    [Fact]
    public void The_table_is_pleasant_to_read() =>
        Assert.Equal(
            """
            Class     IoU     Acc   Share  Most often taken for
            0       75.0%   75.0%   66.7%  1 (25.0%)
            1       66.7%  100.0%   33.3%
            2           –       –    0.0%
            Mean    70.8%   87.5%  100.0%  pixel accuracy 83.3%
            6 pixels of 2 images
            """.ReplaceLineEndings(),
            Evaluate(([1, 1, 0, 2], [1, 2, 1, 2]), ([1, 1, 2], [1, 1, 2])).GetFormattedTable()
        );

    [Fact]
    public void Masks_that_cannot_be_compared_are_errors()
    {
        Assert.Equal(
            "Row 1: the mask in 'Mask' has 2 pixels, the prediction in 'PredictedLabel' 1. Both must have the image's size.",
            Assert.Throws<InvalidDataException>(() => Evaluate(([1], [1]), ([1, 1], [1]))).Message
        );
        Assert.Equal(
            "Row 0: pixel 1 in 'PredictedLabel' has no class, though its true class counts. Every pixel needs a prediction.",
            Assert.Throws<InvalidDataException>(() => Evaluate(([1, 1], [1, 0]))).Message
        );
        Assert.Equal(
            "There is nothing to evaluate: 1 images, and no pixel in 'Mask' with a class that counts.",
            Assert.Throws<InvalidOperationException>(() => Evaluate(([0], [1]))).Message
        );
    }

    [Fact]
    public void Columns_that_do_not_fit_are_refused_with_all_faults()
    {
        var view = Scene.View(_ml, 1);

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.EvaluateMasks(view, "Features", "None")
        );

        Assert.Equal(
            """
            EvaluateMasks cannot use these columns:
            - column 'Features' is of type Vector<Single, 3, 4, 4>; Vector<Key<UInt32>> is expected, as LoadMasks gives it.
            - there is no column 'None' among 'Features', 'Frame', 'Mask'; Vector<Key<UInt32>> is expected, as LoadMasks gives it.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    private MaskMetrics Evaluate(params (uint[] Truth, uint[] Predicted)[] images) =>
        _ml.MulticlassClassification.EvaluateMasks(
            _ml.Data.LoadFromEnumerable(images.Select(i => new Row { Mask = i.Truth, PredictedLabel = i.Predicted }))
        );

    private sealed class Row
    {
        [KeyType(3)]
        public uint[] Mask { get; set; } = [];

        [KeyType(3)]
        public uint[] PredictedLabel { get; set; } = [];
    }
}
