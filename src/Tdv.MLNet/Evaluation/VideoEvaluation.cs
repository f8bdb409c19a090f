using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Evaluation;

/// <summary>Predicts the next frames of videos, and measures the features, with the arithmetic of the training.</summary>
internal sealed class VideoEvaluation(IHost host, TdvModel model, int pairs)
{
    /// <summary>Videos are mixed, so that few pairs show all of them.</summary>
    private const int Seed = 0;

    /// <exception cref="InvalidOperationException">There are no frame pairs.</exception>
    public VideoMetrics Run(IDataView input, string frameColumn, string previousColumn)
    {
        Check(input.Schema, frameColumn, previousColumn);
        var device = Devices.Choose(host);
        using var use = model.Use();
        var network = model.On(device);
        int size = model.ImageSize;
        var decoder = new PairDecoder(input, frameColumn, previousColumn, size);
        using var fresh = TdvModel.Create(model.Options, Seed);
        using var untrained = new VideoMeter(fresh.On(device), size, device, untrained: null);
        using var meter = new VideoMeter(network, size, device, untrained);
        foreach (var (pixels, videos) in decoder.ReadBatches(Seed, pairs, VideoMeter.PairsAtOnce))
        {
            untrained.Add(pixels, videos);
            meter.Add(pixels, videos);
        }

        return meter.Count > 0
            ? meter.Measure()
            : throw new InvalidOperationException(
                "There are no frame pairs to evaluate: the data has no rows. Check the paths given to LoadFromVideos and "
                    + "that the videos last longer than the frame interval."
            );
    }

    private void Check(DataViewSchema schema, params string[] columns)
    {
        var faults = new Faults();
        faults.Check(pairs >= 1, $"pairs is {pairs}; it must be at least 1.");
        foreach (string name in columns)
        {
            ColumnCheck.Require(schema, name, ColumnKind.Image, faults);
        }

        faults.ThrowIfAny("EvaluateVideo cannot work:");
    }
}
