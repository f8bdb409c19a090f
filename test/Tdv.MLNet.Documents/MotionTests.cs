using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Documents;

/// <summary>Runs the code of docs/motion.md.</summary>
public sealed class MotionTests : IDisposable
{
    private const int Frames = 12;
    private readonly MLContext _ml = new(seed: 1);
    private readonly ToyData _toys = new(Frames);
    private readonly TdvModel _tdv = TdvModel.Create(TdvPreset.Tiny, seed: 1);

    public void Dispose()
    {
        _tdv.Dispose();
        _toys.Dispose();
    }

    [Fact]
    public void A_mask_is_carried_and_trained_on_and_points_are_followed()
    {
        MaskClass[] classes = [.. MaskClass.ReadFile(_toys.ClassFile)];
        string mask = Path.Combine(_toys.MaskFolder, ToyData.Name(0));
        var (model, propagated) = MotionSnippets.Propagate(_ml, _toys.FrameFolder, mask, classes, _tdv);
        var truth = _ml.Data.AttachMasks(
            propagated,
            [
                .. Enumerable
                    .Range(0, Frames)
                    .Select(i => new FrameMask(Path.Combine(_toys.MaskFolder, ToyData.Name(i)), i)),
            ],
            classes,
            "Truth"
        );

        Assert.True(_ml.MulticlassClassification.EvaluatePropagation(truth).Region.Mean > 0.6);
        Assert.True(_ml.MulticlassClassification.EvaluateMasks(model.Transform(truth), "Truth").MeanIoU > 0.6);

        var (tracks, visible) = MotionSnippets.Track(_ml, propagated);
        Assert.Equal((4, 2), (tracks.Length, visible.Length));
        // The square has moved by 44 pixels, the ground has not.
        Assert.InRange(tracks[0], 30, 64);
        Assert.InRange(tracks[2], 40, 60);
    }

    [Fact]
    public void Flow_is_found_between_the_frames_of_a_row()
    {
        var pairs = _ml.Data.LoadFromVideos(_toys.FrameFolder, new VideoOptions { FrameInterval = 1 / 30.0 });
        var flow = MotionSnippets.Flow(_ml, pairs, _tdv);

        Assert.Equal([8, 8, 2], ((VectorDataViewType)flow.Schema["Flow"].Type).Dimensions);
        Assert.All(flow.GetColumn<float[]>("Flow"), field => Assert.Contains(field, float.IsFinite));
    }

    [Fact]
    public void Clips_are_told_apart_by_a_stock_trainer()
    {
        var clips = _ml.Data.LoadFromEnumerable([
            new Clip { Path = _toys.FrameFolder, Kind = "moves" },
            new Clip { Path = _toys.MaskFolder, Kind = "mask" },
        ]);
        var told = MotionSnippets.Clips(_ml, clips, _tdv).Transform(clips);

        Assert.Equal([1u, 2u], told.GetColumn<uint>("PredictedLabel"));
    }

    private sealed class Clip
    {
        public string Path { get; set; } = "";

        public string Kind { get; set; } = "";
    }
}
