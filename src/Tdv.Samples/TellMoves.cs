using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Samples.Demo;

namespace Tdv.Samples;

/// <summary>Tell clips apart by how things move in them, with one vector for each clip and a trainer of ML.NET.</summary>
public static class TellMoves
{
    /// <param name="train">Clips to learn from, with labels.</param>
    /// <param name="test">Clips of other places.</param>
    /// <param name="steps">Training steps of the network, which sees no label.</param>
    /// <param name="seed">Of all that is random.</param>
    /// <returns>The part of the test clips that is told right by motion, by looks, and by mean colors.</returns>
    public static (double Motion, double Looks, double Color) Run(
        IReadOnlyList<MovingClip> train,
        IReadOnlyList<MovingClip> test,
        int steps,
        int seed
    )
    {
        var ml = new MLContext(seed);

        // 1. Learn from the clips without their labels.
        var videos = ml.Data.LoadFromVideos(train.Select(clip => clip.Path), new VideoOptions { RowInterval = 0.1 });
        var options = new TdvOptions
        {
            Steps = steps,
            BatchSize = 8,
            Seed = seed,
        };
        using var tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(videos);

        // 2. One vector for each clip, and a classifier of these vectors: the chain takes nothing but paths.
        return (
            Tell(Summary(TdvSummaryParts.Motion)),
            Tell(Summary(TdvSummaryParts.Cls)),
            Tell(ml.Transforms.CopyColumns("Features", nameof(MovingClip.Color)))
        );

        IEstimator<ITransformer> Summary(TdvSummaryParts parts) =>
            ml.Transforms.TdvSummarize(
                "Features",
                nameof(MovingClip.Path),
                tdv.Model,
                new TdvSummaryOptions { Parts = parts, RowInterval = 0.1 }
            );

        double Tell(IEstimator<ITransformer> summary)
        {
            var pipeline = ml
                .Transforms.Conversion.MapValueToKey("Label", nameof(MovingClip.Move))
                .Append(summary)
                .Append(ml.Transforms.NormalizeMeanVariance("Features"))
                .AppendCacheCheckpoint(ml)
                .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0));
            using var model = pipeline.Fit(ml.Data.LoadFromEnumerable(train));
            IDataView told = model.Transform(ml.Data.LoadFromEnumerable(test));
            return ml.MulticlassClassification.Evaluate(told).MicroAccuracy;
        }
    }
}
