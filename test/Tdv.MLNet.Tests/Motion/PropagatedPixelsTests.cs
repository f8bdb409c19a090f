using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Evaluation;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

/// <summary>Masks carried by raw pixels, from files to figures, beside plain loops over everything.</summary>
public sealed class PropagatedPixelsTests
{
    private const int Frames = 9;
    private const int Patch = 8;
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(MaskDecision.Stretched)]
    [InlineData(MaskDecision.Largest)]
    public void Masks_of_raw_pixels_are_those_of_plain_loops(MaskDecision decision)
    {
        using var data = new ToyData(Frames);
        var options = new PropagationOptions { Decision = decision, PatchSize = Patch };
        var view = _ml.Data.PropagateMasks(Featurized(data), options);
        uint[][] found = Column(view, options.OutputColumnName);
        uint[][] expected = Naive(view, options);

        Assert.Equal(Frames, found.Length);
        for (int i = 0; i < Frames; i++)
        {
            int same = found[i].Zip(expected[i]).Count(pair => pair.First == pair.Second);
            Assert.InRange((double)same / found[i].Length, 0.998, 1);
        }

        // Object and background are unlike each other, but a patch that holds both goes to either.
        var metrics = _ml.MulticlassClassification.EvaluatePropagation(view);
        Assert.Equal(["Square"], metrics.Objects.Select(one => one.Name));
        Assert.Equal(Region(Column(view, "Truth"), expected), metrics.Region.Mean, 0.005);
        Assert.InRange(metrics.Region.Mean, 0.6, 1);
    }

    /// <summary>Pixels of a video with masks attached by row; the classes come along, and PixelWise trains on them.</summary>
    [Fact]
    public void A_classifier_learns_from_carried_masks()
    {
        using var data = new ToyData(Frames);
        var options = new VideoOptions { EveryFrame = true };
        var frames = _ml.Data.LoadFromVideos(data.FrameFolder, options);
        var classes = MaskClass.ReadFile(data.ClassFile);
        string first = Path.Combine(data.MaskFolder, ToyData.Name(0));
        var masked = _ml.Data.AttachMasks(frames, [new FrameMask(first)], classes);
        var rows = Featurize(masked);
        var carried = _ml.Data.PropagateMasks(rows);
        var model = _ml
            .MulticlassClassification.Trainers.PixelWise(
                _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(),
                new PixelWiseOptions { LabelColumnName = "PropagatedMask" }
            )
            .Fit(carried);

        var metrics = _ml.MulticlassClassification.EvaluateMasks(model.Transform(carried), "PropagatedMask");

        Assert.Equal(["Ground", "Square"], metrics.ClassNames);
        Assert.InRange(metrics.MeanIoU, 0.7, 1);
    }

    private static double Region(uint[][] truth, uint[][] found) =>
        Enumerable.Range(1, Frames - 2).Average(i => PropagationScore.Region(truth[i], found[i], 2));

    private static uint[][] Naive(IDataView view, PropagationOptions options)
    {
        int[] shape = [.. ((VectorDataViewType)view.Schema["Features"].Type).Dimensions];
        var naive = new NaivePropagation(shape[0], shape[1], shape[2], 2, options);
        float[][] features = [.. view.GetColumn<float[]>("Features")];
        uint[] given = Column(view, "Mask")[0];
        var (height, width) = (ToyData.Height, ToyData.Width);
        naive.Give(features[0], given, height, width);
        return [given, .. features.Skip(1).Select(frame => naive.Paint(naive.Carry(frame), height, width))];
    }

    private static uint[][] Column(IDataView view, string name) => [.. view.GetColumn<uint[]>(name)];

    private IDataView Featurized(ToyData data)
    {
        var classes = MaskClass.ReadFile(data.ClassFile);
        var rows = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, Frames)
                .Select(i => new Row
                {
                    Video = "toy",
                    Path = Path.Combine(data.FrameFolder, ToyData.Name(i)),
                    MaskPath = i == 0 ? Path.Combine(data.MaskFolder, ToyData.Name(i)) : "",
                    TruthPath = Path.Combine(data.MaskFolder, ToyData.Name(i)),
                })
        );
        return Featurize(
            _ml.Transforms.LoadImages("Frame", "", "Path")
                .Append(_ml.Transforms.LoadMasks("Mask", "", "MaskPath", classes))
                .Append(_ml.Transforms.LoadMasks("Truth", "", "TruthPath", classes))
                .Fit(rows)
                .Transform(rows)
        );
    }

    private IDataView Featurize(IDataView rows) =>
        _ml
            .Transforms.PatchFeaturize("Features", "Frame", ToyData.Height, ToyData.Width, Patch)
            .Fit(rows)
            .Transform(rows);

    private sealed class Row
    {
        public required string Video { get; init; }

        public required string Path { get; init; }

        public required string MaskPath { get; init; }

        public required string TruthPath { get; init; }
    }
}
