using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Documents;

/// <summary>Runs the code of docs/cookbook.md and docs/troubleshooting.md.</summary>
public sealed class CookbookTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ToyData _toys = new(frames: 12);
    private readonly TdvModel _tdv = TdvModel.Create(TdvPreset.Tiny, seed: 1);

    public void Dispose()
    {
        _tdv.Dispose();
        _toys.Dispose();
    }

    [Fact]
    public void Own_videos_are_learned_from_and_a_stopped_training_goes_on()
    {
        string run = Path.Combine(_toys.Folder, "run");

        using var tdv = CookbookSnippets.OwnVideos(_ml, _toys.FrameFolder, run, steps: 1, CancellationToken.None);
        using var saved = TdvModel.Load(Path.Combine(run, "weights.safetensors"));

        Assert.Equal(tdv.ToBytes(), saved.ToBytes());
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "checkpoints"), "checkpoint-*.safetensors"));
    }

    [Fact]
    public void A_few_labels_are_enough_for_masks_of_a_toy()
    {
        var painted = Paint(CookbookSnippets.FewLabels(_ml, _toys.Folder, _tdv));

        Assert.True(_ml.MulticlassClassification.EvaluateMasks(painted).MeanIoU > 0.7);
    }

    [Fact]
    public void Features_of_several_sizes_and_colors_lie_side_by_side()
    {
        var painted = Paint(CookbookSnippets.Scales(_ml, _toys.Folder, _tdv));

        Assert.True(_ml.MulticlassClassification.EvaluateMasks(painted).MeanIoU > 0.7);
        Assert.Equal([30, 40], ((VectorDataViewType)painted.Schema["Score"].Type).Dimensions[..2]);
    }

    [Fact]
    public void Motion_features_join_those_of_the_frame()
    {
        var painted = Paint(CookbookSnippets.Motion(_ml, _toys.Folder, _tdv));

        Assert.True(_ml.MulticlassClassification.EvaluateMasks(painted).MeanIoU > 0.7);
        Assert.Equal(8 * 8 * 192, ((VectorDataViewType)painted.Schema["Motion"].Type).Size);
    }

    [Fact]
    public void Trained_and_untrained_are_compared() =>
        CookbookSnippets.Compare(_ml, _toys.Folder, _tdv, Labeled(0, 3), Labeled(3, 2));

    [Fact]
    public void Weights_of_others_give_features()
    {
        string dino = Path.Combine(AppContext.BaseDirectory, "Weights", "assets", "dinov2.pth");
        var rows = _ml
            .Transforms.LoadPictures("Frame", _toys.Folder, "Path")
            .Fit(Labeled(0, 1))
            .Transform(Labeled(0, 1));

        var features = CookbookSnippets.Weights(_ml, dino).Fit(rows).Transform(rows);

        // Patches of 4 pixels in this small file: 224 / 4, 308 / 4.
        Assert.Equal([56, 77], ((VectorDataViewType)features.Schema["Features"].Type).Dimensions[..2]);
    }

    [Fact]
    public void Options_for_large_machines_are_accepted()
    {
        var ml = CookbookSnippets.Gpu();

        Assert.NotNull(ml.Transforms.TdvFeaturize("Features", "Frame", CookbookSnippets.Accumulate()));
    }

    [Fact]
    public void A_program_examines_its_machine() => CookbookSnippets.Examine();

    [Fact]
    public void Weights_leave_for_other_programs()
    {
        string onnx = Path.Combine(_toys.Folder, "encoder.onnx");
        string pth = Path.Combine(_toys.Folder, "weights.pth");

        CookbookSnippets.Export(_tdv, onnx, pth);
        using var again = TdvModel.Load(pth);

        Assert.True(new FileInfo(onnx).Length > 4 * 192 * 192);
        Assert.Equal(_tdv.ParameterCount, again.ParameterCount);
    }

    private IDataView Paint(IEstimator<ITransformer> pipeline)
    {
        var labeled = Labeled(1, 3);
        return pipeline.Fit(labeled).Transform(labeled);
    }

    private IDataView Labeled(int first, int count)
    {
        var rows = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(first, count)
                .Select(index => new Row(
                    $"frames/{ToyData.Name(index)}",
                    $"masks/{ToyData.Name(index)}",
                    $"frames/{ToyData.Name(Math.Max(0, index - 1))}"
                ))
        );
        var classes = MaskClass.ReadFile(_toys.ClassFile);
        return _ml.Transforms.LoadMasks("Mask", _toys.Folder, "MaskPath", classes).Fit(rows).Transform(rows);
    }

    private sealed record Row(string Path, string MaskPath, string PreviousPath);
}
