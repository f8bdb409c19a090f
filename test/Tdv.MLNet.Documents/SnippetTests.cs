using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Documents;

/// <summary>Runs the code of the documents, from video to masks.</summary>
public class SnippetTests
{
    [Fact]
    public void The_documents_code_runs_from_video_to_masks()
    {
        var ml = new MLContext(seed: 1);
        using var toys = new ToyData(frames: 12);
        string zip = Path.Combine(toys.Folder, "model.zip");
        Snippets.LabeledPicture[] pictures =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(index => new Snippets.LabeledPicture(
                    $"frames/{ToyData.Name(index)}",
                    $"masks/{ToyData.Name(index)}"
                )),
        ];

        using var tdv = Snippets.Learn(toys.FrameFolder, steps: 2);
        IDataView painted = Snippets.Label(ml, toys.Folder, pictures, tdv, zip);
        VBuffer<uint> mask = Snippets.Use(zip, pictures[0].Path);
        var metrics = Snippets.Evaluate(ml, painted);
        var pixels = Snippets.Expand(ml, painted);
        var learned = Snippets.Evaluate(ml, ml.Data.LoadFromVideos(toys.FrameFolder), tdv, painted, painted);

        Assert.Equal(ToyData.Width * ToyData.Height, mask.Length);
        Assert.Equal(painted.GetColumn<uint[]>("PredictedLabel").First(), mask.DenseValues());
        // A flat ground and a striped square: two classes that colors alone tell apart.
        Assert.True(metrics.MeanIoU > 0.7, metrics.ToString());
        Assert.True(learned.Pixels.Probe.MeanIoU > 0.7, learned.Pixels.Probe.ToString());
        Assert.True(learned.Video.PairCount > 0);
        Assert.Equal(4 * 500, pixels.GetColumn<uint>("Label").Count());
        using var frame = MLImage.CreateFromFile(Path.Combine(toys.Folder, pictures[0].Path));
        var (overlay, confusion) = SeeingSnippets.Masks(painted, frame, mask, metrics);
        Assert.True(overlay > ToyData.Height && confusion > 0);
    }

    [Fact]
    public void The_documents_code_validates_a_training()
    {
        var ml = new MLContext(seed: 1);
        using var toys = new ToyData(frames: 12);
        var videos = ml.Data.LoadFromVideos(toys.FrameFolder);

        using var best = Snippets.Validate(ml, videos, videos, steps: 2);

        Assert.True(best.HasMotionEncoder);
    }

    [Fact]
    public void The_documents_code_paints_what_a_network_sees()
    {
        var ml = new MLContext(seed: 1);
        using var toys = new ToyData(frames: 24);
        using var tdv = TdvModel.Create(TdvPreset.Tiny, seed: 1);
        var videos = ml.Data.LoadFromVideos(toys.FrameFolder, new VideoOptions { RowInterval = 0.1 });

        var (clip, errors, pixels) = SeeingSnippets.Maps(ml, videos, tdv);
        int count = SeeingSnippets.Colors(clip, toys.Folder);

        Assert.Equal(6, count);
        Assert.Equal(6, Directory.GetFiles(toys.Folder, "features-*.png").Length);
        Assert.Equal(6, errors.Length);
        Assert.All(errors, map => Assert.True(map.Max() > 2 * map.Min()));
        Assert.Equal(320 * 240 * 4, pixels.Length);
    }

    [Fact]
    public void The_documents_code_converts_and_freezes_weights()
    {
        using var toys = new ToyData(frames: 1);
        string pth = Path.Combine(toys.Folder, "weights.pth");
        string checkpoint = "test/Tdv.MLNet.Parity/goldens/E_training_trajectory/state_init.safetensors";

        Snippets.Convert(Path.Combine(Repository.Root, checkpoint), pth);
        var options = Snippets.Freeze(pth);
        using var frozen = options.FrameEncoder!;

        Assert.Equal((48, 14, true), (frozen.Dimension, frozen.PatchSize, options.FreezeFrameEncoder));
    }

    [Fact]
    public void The_documents_code_resumes_a_training()
    {
        var ml = new MLContext(seed: 1);
        using var toys = new ToyData(frames: 12);
        var videos = ml.Data.LoadFromVideos(toys.FrameFolder);
        var options = new TdvOptions { Steps = 1, BatchSize = 2 };
        string folder = Path.Combine(toys.Folder, "run");

        using var first = Snippets.Resume(ml, videos, options, folder);
        using var second = Snippets.Resume(ml, videos, options, folder);

        Assert.Equal(first.ToBytes(), second.ToBytes());
        Assert.Single(Directory.GetFiles(folder, "checkpoint-*.safetensors"));
    }
}
