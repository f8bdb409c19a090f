using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Tests.Imaging;
using Xunit;

namespace Tdv.MLNet.Tests.Masks;

/// <summary>
/// A picture stored as 48×32 whose camera noted a quarter turn, so that it is 32×48 to people and networks, with a mask of
/// the upright picture and one of the pixels as stored: both have 1,536 pixels.
/// </summary>
public sealed class MaskSizeTests : IDisposable
{
    private const string Hint =
        " Height and width have changed places: LoadPictures stands a picture upright as its camera noted, and the mask "
        + "must stand upright too.";

    private static readonly MaskClass[] Classes = [new(0, "Rest", 0, 0, 0), new(1, "Red", 255, 0, 0)];

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public MaskSizeTests()
    {
        TurnedJpeg.Write(_folder["picture.jpg"], 6);
        // Upright, red is at the top right: the stored first block, turned by a quarter clockwise.
        Save("upright.png", height: 48, width: 32, new Rect(16, 0, 16, 24));
        Save("stored.png", height: 32, width: 48, new Rect(0, 0, 24, 16));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mask_has_its_size_beside_it()
    {
        var rows = Load("upright.png", "stored.png", "");

        Assert.Equal(
            [
                [48, 32],
                [32, 48],
                [0, 0],
            ],
            rows.GetColumn<int[]>("MaskSize").Select(size => size.ToArray()).ToArray()
        );
        Assert.Equal([1536, 1536, 0], rows.GetColumn<uint[]>("Mask").Select(mask => mask.Length));
    }

    [Fact]
    public void A_mask_that_lies_on_its_side_is_not_trained_on()
    {
        var error = Assert.Throws<InvalidDataException>(() => Classifier().Fit(Load("stored.png")));
        Assert.Equal(
            "Row 0: the mask in 'Mask' is 48×32 pixels, but its image in 'Frame' is 32×48 = 1536. A mask must have the size "
                + "of what it labels."
                + Hint,
            error.Message
        );

        var model = Classifier().Fit(Load("upright.png"));
        var metrics = _ml.MulticlassClassification.EvaluateMasks(model.Transform(Load("upright.png")), "Mask");
        Assert.Equal(1152 + 384, metrics.PixelCount);
        Assert.True(metrics.MeanIoU > 0.95, $"{metrics}");
    }

    [Fact]
    public void A_mask_that_lies_on_its_side_is_not_evaluated()
    {
        var model = Classifier().Fit(Load("upright.png"));
        var painted = model.Transform(Load("stored.png"));

        Assert.Equal([48, 32], painted.GetColumn<int[]>("PredictedLabelSize").Single());
        Assert.Equal(
            "Row 0: the mask in 'Mask' is 48×32 pixels, the prediction in 'PredictedLabel' is 32×48 pixels. Both must have "
                + "the image's size."
                + Hint,
            Assert
                .Throws<InvalidDataException>(() => _ml.MulticlassClassification.EvaluateMasks(painted, "Mask"))
                .Message
        );
    }

    [Fact]
    public void With_an_image_column_the_file_is_named()
    {
        var error = Assert.Throws<InvalidDataException>(() =>
            LoadBeside("Frame", "stored.png").GetColumn<uint[]>("Mask").ToArray()
        );

        Assert.Equal(
            $"The mask '{_folder["stored.png"]}' is 48×32 pixels, but its image '{_folder["picture.jpg"]}' is 32×48. A mask "
                + "must have its image's size."
                + Hint,
            error.Message
        );
    }

    [Fact]
    public void Masks_that_are_attached_and_carried_have_sizes_too()
    {
        var frames = _ml
            .Transforms.LoadPictures("Frame", _folder.FullName, "Path")
            .Append(_ml.Transforms.ColorFeaturize("Features", "Frame", 6, 4));
        var rows = Rows("", "");
        var featurized = frames.Fit(rows).Transform(rows);
        var options = new PropagationOptions { VideoColumnName = null, ContextFrames = 0 };
        IDataView Attach(string mask) =>
            _ml.Data.AttachMasks(featurized, [new FrameMask(_folder[mask])], Classes, videoColumnName: null);

        Assert.Equal(
            [
                [48, 32],
                [0, 0],
            ],
            Attach("upright.png").GetColumn<int[]>("MaskSize").ToArray()
        );
        Assert.Equal(
            [
                [48, 32],
                [48, 32],
            ],
            _ml.Data.PropagateMasks(Attach("upright.png"), options).GetColumn<int[]>("PropagatedMaskSize").ToArray()
        );
        var error = Assert.Throws<InvalidDataException>(() =>
            _ml.Data.PropagateMasks(Attach("stored.png"), options).GetColumn<uint[]>("PropagatedMask").ToArray()
        );
        Assert.StartsWith(
            "Row 0: the mask in 'Mask' is 48×32 pixels, but its image in 'Frame' is 32×48 = 1536.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Carried_masks_are_measured_by_height_and_width()
    {
        var frames = Load("upright.png", "upright.png", "upright.png");
        var turned = _ml
            .Transforms.LoadMasks("PropagatedMask", _folder.FullName, "Other", Classes)
            .Fit(frames)
            .Transform(frames);

        var error = Assert.Throws<InvalidDataException>(() =>
            _ml.MulticlassClassification.EvaluatePropagation(turned, "Mask", videoColumnName: null)
        );

        Assert.Equal(
            "Row 0: the mask in 'Mask' is 32×48 pixels, that in 'PropagatedMask' is 48×32 pixels, but the image in 'Frame' is "
                + "32×48 = 1536. All three must have one size.",
            error.Message
        );
    }

    [Fact]
    public void Without_the_column_pixels_are_counted_as_before()
    {
        var rows = Load("upright.png");
        var without = _ml.Transforms.DropColumns("MaskSize").Fit(rows).Transform(rows);

        Assert.Equal(2, Classifier().Fit(without).LastTransformer.ClassNames.Count);
    }

    private EstimatorChain<PixelWiseTransformer> Classifier()
    {
        var trainers = _ml.MulticlassClassification.Trainers;
        return _ml
            .Transforms.ColorFeaturize("Features", "Frame", 12, 8)
            .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy(), labelColumnName: "Mask"));
    }

    private IDataView Load(params string[] masks) => LoadBeside(null, masks);

    private IDataView LoadBeside(string? image, params string[] masks)
    {
        var rows = Rows(masks);
        return _ml
            .Transforms.LoadPictures("Frame", _folder.FullName, "Path")
            .Append(_ml.Transforms.LoadMasks("Mask", _folder.FullName, "MaskPath", Classes, image))
            .Fit(rows)
            .Transform(rows);
    }

    private IDataView Rows(params string[] masks) =>
        _ml.Data.LoadFromEnumerable(masks.Select(mask => new Row { MaskPath = mask }));

    private void Save(string name, int height, int width, Rect red)
    {
        using var mat = new Mat(height, width, MatType.CV_8UC1, new OpenCvSharp.Scalar(0));
        mat.Rectangle(red, new OpenCvSharp.Scalar(1), thickness: -1);
        mat.SaveImage(_folder[name]);
    }

    private sealed class Row
    {
        public string Path { get; init; } = "picture.jpg";

        public string MaskPath { get; init; } = "";

        public string Other { get; init; } = "stored.png";
    }
}
