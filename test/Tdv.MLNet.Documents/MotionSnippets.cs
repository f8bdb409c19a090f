using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Documents;

/// <summary>The code of docs/motion.md, word for word; MotionTests run it.</summary>
internal static class MotionSnippets
{
    public static (ITransformer Model, IDataView Propagated) Propagate(
        MLContext ml,
        string video,
        string mask,
        MaskClass[] classes,
        TdvModel tdv
    )
    {
        // snippet: propagate-masks
        // One labeled frame, the first. Larger frames make finer masks.
        IDataView frames = ml.Data.LoadFromVideos(video, new VideoOptions { EveryFrame = true });
        IDataView rows = ml.Data.AttachMasks(frames, [new FrameMask(mask)], classes);
        var features = new TdvFeatureOptions { ImageHeight = 96, ImageWidth = 128 };
        IDataView featurized = ml.Transforms.TdvFeaturize("Features", "Frame", tdv, features).Fit(rows).Transform(rows);
        IDataView propagated = ml.Data.PropagateMasks(featurized);

        // Train on all of them.
        var trainers = ml.MulticlassClassification.Trainers;
        var classifier = trainers.PixelWise(trainers.LbfgsMaximumEntropy(), labelColumnName: "PropagatedMask");
        var model = classifier.Fit(propagated);
        // end

        return (model, propagated);
    }

    public static (float[] Tracks, bool[] Visible) Track(MLContext ml, IDataView featurized)
    {
        // snippet: track-points
        // Two points of the first frame, in pixels.
        IDataView tracked = ml.Data.TrackPoints(
            featurized,
            [new TrackQuery(0, X: 10, Y: 24), new TrackQuery(0, X: 50, Y: 6)]
        );
        float[] last = tracked.GetColumn<float[]>("Tracks").Last(); // x and y of the first, x and y of the second
        bool[] visible = tracked.GetColumn<bool[]>("Visible").Last();
        // end

        return (last, visible);
    }

    public static IDataView Flow(MLContext ml, IDataView pairs, TdvModel tdv)
    {
        // snippet: estimate-flow
        // Features of both frames of a row, and where each cell of the first is found in the second; a cell has 8 × 8 pixels.
        var options = new FlowEstimationOptions
        {
            CellHeight = 8,
            CellWidth = 8,
            ValidColumnName = "Valid",
        };
        var pipeline = ml
            .Transforms.TdvFeaturize("Before", "PreviousFrame", tdv)
            .Append(ml.Transforms.TdvFeaturize("After", "Frame", tdv))
            .Append(ml.Transforms.EstimateFlow("Flow", "Before", "After", options));
        IDataView flow = pipeline.Fit(pairs).Transform(pairs);
        // end

        return flow;
    }

    public static ITransformer Clips(MLContext ml, IDataView clips, TdvModel tdv)
    {
        // snippet: tell-clips
        // A row is a clip: its path, and what happens in it. Any trainer learns from one vector for each.
        var trainers = ml.MulticlassClassification.Trainers;
        var pipeline = ml
            .Transforms.TdvSummarize("Features", "Path", tdv)
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Kind"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .AppendCacheCheckpoint(ml)
            .Append(trainers.LbfgsMaximumEntropy(l1Regularization: 0));
        ITransformer model = pipeline.Fit(clips);
        // end

        return model;
    }
}
