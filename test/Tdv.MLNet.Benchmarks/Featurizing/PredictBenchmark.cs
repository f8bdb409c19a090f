using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.Tool.Pipeline;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>
/// Painting a video, from file to file, against its slower part alone: decoding, or the network on frames that are in
/// memory. Masks, drawing and encoding come on top in the first and are in neither of the others.
/// </summary>
internal sealed class PredictBenchmark : IRatioBenchmark
{
    private const double Bar = 0.85;

    public IEnumerable<RatioRow> Run()
    {
        using var model = new PaintingModel(ReadyFrame.Size, seconds: 4, ReadyFrame.Size);
        var options = new VideoOptions { FrameInterval = Defaults.FrameInterval, EveryFrame = true };
        var decoded = model.Context.Data.LoadFromVideos(model.Video, options);
        ReadyFrame[] ready = [.. decoded.GetColumn<MLImage>("Frame").Select(image => new ReadyFrame { Frame = image })];
        var features = model.Featurizer.Transform(model.Context.Data.LoadFromEnumerable(ready));
        using var predictor = new Predictor(model.Zip, model.Video, Path.Combine(model.Folder, "out"));
        Network();
        bool isNetworkSlower = Time(Network) > Time(Decode);
        double ratio = Interleaved.TimeRatio(isNetworkSlower ? Network : Decode, () => predictor.Run(default));
        string slower = isNetworkSlower ? "network" : "decoding";
        yield return RatioRow.AtLeast(
            $"predict frames/s / slower of decoding alone and network alone (here: {slower})",
            ratio,
            Bar
        );

        void Network() => Trace.Assert(features.GetColumn<VBuffer<float>>("Features").LongCount() == ready.Length);
        void Decode() => Trace.Assert(decoded.GetColumn<MLImage>("Frame").LongCount() == ready.Length);
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
