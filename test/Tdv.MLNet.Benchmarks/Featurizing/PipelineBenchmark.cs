using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;

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
            using var model = TinySize.Create(preset);
            var ours = Ours(ml, model, pictures);
            var bare = Bare(model, count);
            yield return RatioRow.AtLeast(
                $"pipeline / bare network, {preset}, batch {Batch}",
                Interleaved.TimeRatio(bare, () => Read(ours)),
                BareBar
            );
            yield return RatioRow.Reported(
                $"time of decoding and resizing alone, one thread / bare network, {preset}",
                Interleaved.TimeRatio(() => Decode(ml, model, pictures), bare)
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
        var batch = BareNetwork.Of(model, TdvEngine.OnnxRuntime, Batch);
        return () =>
        {
            for (int done = 0; done < count; done += Batch)
            {
                batch();
            }
        };
    }

    /// <summary>What the pipeline does before the network.</summary>
    private static void Decode(MLContext ml, TdvModel model, Pictures pictures)
    {
        var view = pictures.View(ml);
        var images = ml.Transforms.LoadImages("Frame", pictures.Folder, "Path").Fit(view).Transform(view);
        byte[] frame = new byte[model.ImageSize * model.ImageSize * FramePixels.Channels];
        using var cursor = images.GetRowCursor([images.Schema["Frame"]]);
        var getter = cursor.GetGetter<MLImage>(images.Schema["Frame"]);
        MLImage image = null!;
        while (cursor.MoveNext())
        {
            getter(ref image);
            FramePixels.Read(image, frame, model.ImageSize, model.ImageSize);
        }
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
