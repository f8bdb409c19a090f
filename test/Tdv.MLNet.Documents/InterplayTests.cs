using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests;
using Tdv.MLNet.Video;
using Xunit;

namespace Tdv.MLNet.Documents;

/// <summary>Features go into what else ML.NET has: the code of docs/interplay.md.</summary>
public sealed class InterplayTests : IDisposable
{
    private readonly MLContext _ml = InterplaySnippets.Device();
    private readonly ToyData _toys = new(frames: 18);
    private readonly TdvModel _tdv = TdvModel.Create(TdvPreset.Tiny, seed: 1);

    public void Dispose()
    {
        _tdv.Dispose();
        _toys.Dispose();
    }

    [Fact]
    public void The_exported_network_runs_in_ML_NETs_own_pipeline()
    {
        // Unlike the context of the other tests, one without a GPU: see the page.
        var ml = new MLContext(seed: 1);
        var rows = Pictures();
        string onnx = Path.Combine(_toys.Folder, "tdv.onnx");

        var stock = InterplaySnippets.Stock(ml, _tdv, rows, _toys.Folder, onnx);

        // Frames are of that size already, so nothing is resized and both see the same pixels.
        var own = _ml
            .Transforms.LoadImages("Frame", _toys.Folder, "Path")
            .Append(_ml.Transforms.TdvFeaturize("Features", "Frame", _tdv, new() { ImageHeight = 48, ImageWidth = 64 }))
            .Fit(rows);
        float[] expected = own.Transform(rows).GetColumn<float[]>("Features").First();
        float[] found = stock.Transform(rows).GetColumn<float[]>("Features").First();
        Assert.Equal(6 * 8 * 192, found.Length);
        Assert.True(expected.Zip(found).Max(pair => Math.Abs(pair.First - pair.Second)) <= 1e-5);
    }

    [Fact]
    public void Features_become_a_data_frame()
    {
        var frames = _ml.Data.LoadFromVideos(_toys.FrameFolder, new VideoOptions { RowInterval = 0.1 });
        int late = frames.GetColumn<float>("Time").Count(time => time >= 0.3f);

        var table = InterplaySnippets.Table(_ml, _tdv, frames);

        Assert.Equal(["Time", "Cls"], table.Columns.Select(column => column.Name));
        Assert.InRange(late, 1, int.MaxValue);
        Assert.Equal(late, table.Rows.Count);
        Assert.All(Enumerable.Range(0, late), row => Assert.Equal(192, ((VBuffer<float>)table["Cls"][row]).Length));
    }

    [Fact]
    public void Trees_paint_masks()
    {
        var rows = Pictures();
        var classes = MaskClass.ReadFile(_toys.ClassFile);
        var view = _ml
            .Transforms.LoadImages("Frame", _toys.Folder, "Path")
            .Append(_ml.Transforms.LoadMasks("Mask", _toys.Folder, "MaskPath", classes))
            .Append(_ml.Transforms.TdvFeaturize("Features", "Frame", _tdv))
            .Fit(rows)
            .Transform(rows);

        var (lightGbm, fastTree) = InterplaySnippets.Trees(_ml, view);

        Assert.True(lightGbm.MeanIoU > 0.7, lightGbm.ToString());
        Assert.True(fastTree.MeanIoU > 0.7, fastTree.ToString());
    }

    /// <summary>The example of docs/interplay.md for what changes between versions of TorchSharp.</summary>
    [Fact]
    public void This_TorchSharp_lacks_a_method_that_older_ones_have() =>
        Assert.Null(
            typeof(TorchSharp.torch.Tensor).GetMethod(
                "to",
                [typeof(TorchSharp.torch.Device), typeof(bool), typeof(bool)]
            )
        );

    private IDataView Pictures() =>
        _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 3)
                .Select(index => new Snippets.LabeledPicture(
                    $"frames/{ToyData.Name(index)}",
                    $"masks/{ToyData.Name(index)}"
                ))
        );
}
