using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

public sealed class WithPaintingTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Masks_are_those_of_a_classifier_trained_to_paint_so()
    {
        var view = Scene.View(Ml, 20);
        using var plain = Fit(new PixelWiseOptions(), view);
        using var other = Fit(new PixelWiseOptions { Stride = 3, FollowEdges = true }, view);

        Assert.NotEqual(Masks(plain, view), Masks(other, view));
        Assert.Equal(Masks(other, view), Masks(plain.WithPainting(3, followEdges: true), view));
        Assert.Equal(Masks(plain, view), Masks(other.WithPainting(null, followEdges: false), view));
    }

    [Fact]
    public void The_row_model_stays_that_of_the_classifier_that_was_trained()
    {
        var view = Scene.View(Ml, 20);
        var model = Fit(new PixelWiseOptions(), view);
        uint[][] masks = Masks(model, view);

        model.WithPainting(3, followEdges: true).Dispose();
        Assert.Equal(masks, Masks(model, view));

        var painted = model.WithPainting(null, followEdges: false);
        var late = painted.Transform(view);
        model.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => Masks(painted, view));
        Assert.StartsWith(
            "This PixelWiseTransformer has been disposed. It owned the model that those of WithPainting share. Dispose it "
                + "last, or load it again.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ObjectDisposedException>(() => Masks(model, view));
        Assert.Throws<ObjectDisposedException>(() => late.GetColumn<uint[]>("PredictedLabel").Count());
        painted.Dispose();
    }

    [Fact]
    public void What_the_command_line_leaves_out_stays_as_it_was_saved()
    {
        var view = Scene.View(Ml, 20);
        using var model = Fit(new PixelWiseOptions { Stride = 3 }, view);
        var chain = new TransformerChain<ITransformer>(model);

        Assert.Same(chain, new PaintingChoice(null, null).Apply(chain));
        var painted = (IEnumerable<ITransformer>)new PaintingChoice(null, FollowEdges: true).Apply(chain);
        var options = ((PixelWiseTransformer)Assert.Single(painted)).Model.Options;
        Assert.Equal(3, options.Stride);
        Assert.True(options.FollowEdges);
    }

    [Fact]
    public void Impossible_painting_is_refused()
    {
        using var model = Fit(
            new PixelWiseOptions { ImageColumnName = null },
            Scene.View(Ml, 20, (row, _) => row.Mask = [.. Enumerable.Range(0, 12).Select(i => (uint)(i % 3) + 1)])
        );

        Assert.Equal(
            """
            PixelWise cannot work with these options:
            - Stride is 0; at least 1 is expected, or null.
            - Stride and FollowEdges are about a picture's pixels, but ImageColumnName is null.
            """.ReplaceLineEndings(),
            Assert.Throws<ArgumentException>(() => model.WithPainting(0, followEdges: true)).Message
        );
    }

    private static PixelWiseTransformer Fit(PixelWiseOptions options, IDataView view) =>
        Ml
            .MulticlassClassification.Trainers.PixelWise(
                Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
                options
            )
            .Fit(view);

    private static uint[][] Masks(PixelWiseTransformer model, IDataView view) =>
        [.. model.Transform(view).GetColumn<uint[]>("PredictedLabel")];
}
