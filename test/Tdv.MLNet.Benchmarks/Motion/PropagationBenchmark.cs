using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Benchmarks.Motion;

/// <summary>Carrying a mask through frames that are in memory, against the network alone: <c>Tiny</c>, 30×53 cells.</summary>
/// <param name="frames">As many; the first few look up fewer frames than the others.</param>
internal sealed class PropagationBenchmark(int frames) : IRatioBenchmark
{
    public const int Frames = 100;
    private const double Bar = 1.5;

    public IEnumerable<RatioRow> Run()
    {
        var ml = new MLContext(1);
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        var rows = ml.Data.LoadFromEnumerable(GridFrame.Film(frames));
        var options = new TdvFeatureOptions { ImageHeight = 240, ImageWidth = 424 };
        var features = ml.Transforms.TdvFeaturize("Features", "Frame", model, options).Fit(rows).Transform(rows);
        var masks = ml.Data.PropagateMasks(features, new() { VideoColumnName = null });
        double ratio = Interleaved.TimeRatio(
            () => Trace.Assert(masks.GetColumn<VBuffer<uint>>("PropagatedMask").LongCount() == frames),
            () => Trace.Assert(features.GetColumn<VBuffer<float>>("Features").LongCount() == frames),
            rounds: 7
        );
        yield return RatioRow.AtMost(
            string.Create(CultureInfo.InvariantCulture, $"network and masks / network alone, {frames} frames 240×424"),
            ratio,
            Bar
        );
    }
}
