using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Evaluation;

/// <summary>Predicts the next frames of videos, and measures the features, with the arithmetic of the training.</summary>
internal sealed class VideoEvaluation(IHost host, TdvModel model, int pairs)
{
    private const int PairsAtOnce = 8;

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
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var fresh = TdvModel.Create(model.Options, Seed);
        var untrained = fresh.On(device);
        using var meter = new SpreadMeter();
        using var untrainedMeter = new SpreadMeter();
        using var predicted = new InformationMeter();
        using var copied = new InformationMeter();
        using var untrainedCopied = new InformationMeter();
        double error = 0;
        double copyError = 0;
        long values = 0;
        int count = 0;
        foreach (var batch in decoder.Read(Seed, VideoColumn(input.Schema)).Take(pairs).Chunk(PairsAtOnce))
        {
            using var step = NewDisposeScope();
            count += batch.Length;
            byte[] pixels = PairSource.Join([.. batch.Select(pair => pair.Pixels)]);
            string[] videos = [.. batch.Select(pair => pair.Video)];
            var frames = FramePixels.ToTensor(pixels, 2 * batch.Length, size, size, device);
            var previous = frames.narrow(0, 0, batch.Length);
            var next = frames.narrow(0, batch.Length, batch.Length);
            var frame = network.FrameEncoder.Forward(previous);
            var target = network.FrameEncoder.Forward(next);
            var prediction = model.HasMotionEncoder ? frame.Plus(network.EncodeMotion(next - previous, frame)) : frame;
            error += nn.functional.mse_loss(prediction, target, nn.Reduction.Sum).Value();
            copyError += nn.functional.mse_loss(frame, target, nn.Reduction.Sum).Value();
            values += target.numel();
            meter.Add(target, videos);
            predicted.Add(target, prediction);
            copied.Add(target, frame);
            var untrainedTarget = untrained.FrameEncoder.Forward(next);
            untrainedMeter.Add(untrainedTarget, videos);
            untrainedCopied.Add(untrainedTarget, untrained.FrameEncoder.Forward(previous));
        }

        if (count == 0)
        {
            throw new InvalidOperationException(
                "There are no frame pairs to evaluate: the data has no rows. Check the paths given to LoadFromVideos and "
                    + "that the videos last longer than the frame interval."
            );
        }

        var spread = meter.Measure();
        return new VideoMetrics(
            model.HasMotionEncoder ? Gain.Of(error / values, copyError / values) : 0,
            spread.EffectiveRank,
            meter.Deviation(),
            count
        )
        {
            Spread = spread,
            Untrained = untrainedMeter.Measure(),
            PredictedInformation = predicted.Measure(),
            CopiedInformation = copied.Measure(),
            UntrainedInformation = untrainedCopied.Measure(),
        };
    }

    /// <summary>The column that LoadFromVideos gives, if the rows have it.</summary>
    private static string? VideoColumn(DataViewSchema schema) =>
        schema.GetColumnOrNull("Video") is { Type: TextDataViewType } column ? column.Name : null;

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
