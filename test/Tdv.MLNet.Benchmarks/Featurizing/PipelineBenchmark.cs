using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Featurizing;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>
/// The whole way from JPEG files to features, against the network alone on batches that lie ready, and against what
/// ML.NET's own transformers do with the exported network.
/// </summary>
internal sealed class PipelineBenchmark : IRatioBenchmark
{
    private const double BareBar = 0.95;
    private const double StockBar = 1.5;
    private const int Batch = 8;

    public IEnumerable<RatioRow> Run()
    {
        foreach (var (preset, count) in new[] { (TdvPreset.Tiny, 96), (TdvPreset.Small, 24) })
        {
            var ml = new MLContext(1);
            using var pictures = new Pictures(count);
            using var model = TdvModel.Create(preset, 1);
            var ours = Ours(ml, model, pictures);
            yield return RatioRow.AtLeast(
                $"pipeline / bare network, {preset}, batch {Batch}",
                Interleaved.TimeRatio(Bare(model, count), () => Read(ours)),
                BareBar
            );
            var stock = Stock(ml, model, pictures);
            yield return RatioRow.AtLeast(
                $"transformer / stock ApplyOnnxModel, {preset}, end to end",
                Interleaved.TimeRatio(() => Read(stock), () => Read(ours)),
                StockBar
            );
        }
    }

    private static IDataView Ours(MLContext ml, TdvModel model, Pictures pictures)
    {
        var view = pictures.View(ml);
        return ml
            .Transforms.LoadImages("Frame", pictures.Folder, "Path")
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", model, new TdvFeatureOptions { BatchSize = Batch }))
            .Fit(view)
            .Transform(view);
    }

    private static IDataView Stock(MLContext ml, TdvModel model, Pictures pictures)
    {
        string path = Path.Combine(pictures.Folder, "model.onnx");
        model.ExportOnnx(path);
        var view = pictures.View(ml);
        return ml
            .Transforms.LoadImages("Picture", pictures.Folder, "Path")
            .Append(ml.Transforms.ResizeImages("Picture", model.ImageSize, model.ImageSize))
            .Append(ml.Transforms.ExtractPixels("Frame", "Picture"))
            .Append(ml.Transforms.ApplyOnnxModel("Features", "Frame", path))
            .Fit(view)
            .Transform(view);
    }

    private static Action Bare(TdvModel model, int count)
    {
        var settings = FeatureSettings.From(new(), "Features", "Frame", model.Options);
        var engine = new OnnxEngine(model, settings, [FeatureOutput.Grid]);
        int side = model.ImageSize / model.PatchSize;
        byte[] frames = new byte[Batch * model.ImageSize * model.ImageSize * FramePixels.Channels];
        new Random(1).NextBytes(frames);
        var results = new Dictionary<FeatureOutput, float[]>
        {
            [FeatureOutput.Grid] = new float[Batch * side * side * model.Dimension],
        };
        var batch = new FeatureBatch(frames, [], results);
        return () =>
        {
            for (int done = 0; done < count; done += Batch)
            {
                engine.Compute(batch, Batch);
            }
        };
    }

    private static void Read(IDataView view)
    {
        var column = view.Schema["Features"];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> features = default;
        while (cursor.MoveNext())
        {
            getter(ref features);
        }
    }
}
