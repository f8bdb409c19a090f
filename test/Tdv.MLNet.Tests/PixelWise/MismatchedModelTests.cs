using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Evaluation;
using Tdv.MLNet.Tests.Masks;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>A saved classifier's parts may come from anybody.</summary>
public sealed class MismatchedModelTests
{
    [Fact]
    public void A_whitening_that_does_not_feed_the_row_model_is_refused()
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable([new Row(), new Row { Label = 2, Features = [1, 0, 1] }]);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();
        var model = trainer.Fit(rows);

        Assert.NotNull(LinearCellScorer.TryFold(model, new AffineMap(new float[3 * 4], new float[3]), false));
        var error = Assert.Throws<InvalidDataException>(() =>
            LinearCellScorer.TryFold(model, new AffineMap(new float[2 * 4], new float[2]), false)
        );
        Assert.Equal(
            "The saved pixel classifier is damaged: its row model takes 3 features, its whitening gives 2. Save it again.",
            error.Message
        );
    }

    [Theory]
    [InlineData(-1, false, "Frame")]
    [InlineData(4, false, null)]
    [InlineData(0, true, null)]
    public void A_painting_that_no_options_allow_is_refused(int stride, bool followEdges, string? image)
    {
        var model = new PixelWiseModel(
            new PixelWiseOptions { ImageColumnName = image },
            new MaskLegend(["a", "b"], [0, 1], [0, 0]),
            new PresentClasses([0, 1], 2),
            [3],
            Whitening: null,
            Probabilities: true
        );
        var bytes = new byte[sizeof(int) + 1];
        BitConverter.TryWriteBytes(bytes, stride);
        bytes[^1] = followEdges ? (byte)1 : (byte)0;
        using var reader = new BinaryReader(new MemoryStream(bytes));

        var error = Assert.Throws<InvalidDataException>(() => model.LoadPainting(reader));

        Assert.Equal(
            $"The saved pixel classifier is damaged: stride {stride}, edges {followEdges}, image column '{image}' do not "
                + "fit. Save it again.",
            error.Message
        );
    }

    private sealed class Row
    {
        [KeyType(2)]
        public uint Label { get; set; } = 1;

        [VectorType(3)]
        public float[] Features { get; set; } = [0, 1, 0];
    }
}
