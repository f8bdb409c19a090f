using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Label one frame of a video, carry its mask through the rest, and train on all of them.</summary>
public static class LabelOneFrame
{
    /// <param name="folder">Holds <c>clip.mp4</c>, <c>first.png</c>, <c>classes.txt</c> and, to measure with, <c>test.txt</c>.</param>
    /// <param name="weights">Pretrained weights.</param>
    /// <returns>The mean IoU on the test frames after training on the labeled frame, and on all frames.</returns>
    public static (double One, double All) Run(string folder, string weights)
    {
        var ml = new MLContext(seed: 42);
        var classes = MaskClass.ReadFile(Path.Combine(folder, "classes.txt"));
        using var tdv = TdvModel.Load(weights);

        // 1. The frames of the video, and the mask of the first.
        var every = new VideoOptions { EveryFrame = true };
        IDataView video = ml.Data.LoadFromVideos(Path.Combine(folder, "clip.mp4"), every);
        IDataView rows = ml.Data.AttachMasks(video, [new FrameMask(Path.Combine(folder, "first.png"))], classes);
        IDataView featurized = ml.Transforms.TdvFeaturize("Features", "Frame", tdv).Fit(rows).Transform(rows);

        // 2. The mask is carried from frame to frame.
        IDataView propagated = ml.Data.PropagateMasks(featurized);

        // 3. Train on one frame, and on all of them.
        IDataView test = Test(ml, tdv, folder, classes);
        double one = Train(ml, ml.Data.TakeRows(propagated, 1), test);
        double all = Train(ml, propagated, test);
        Console.WriteLine(
            $"mIoU {100 * one:F1} % from one labeled frame, {100 * all:F1} % from that and what it was carried to"
        );
        return (one, all);
    }

    private static double Train(MLContext ml, IDataView rows, IDataView test)
    {
        var trainers = ml.MulticlassClassification.Trainers;
        var classifier = trainers.LbfgsMaximumEntropy(l1Regularization: 0, l2Regularization: 30);
        var model = trainers.PixelWise(classifier, "PropagatedMask", samplesPerImage: 400).Fit(rows);
        return ml.MulticlassClassification.EvaluateMasks(model.Transform(test), "Mask").MeanIoU;
    }

    private static IDataView Test(MLContext ml, TdvModel tdv, string folder, IReadOnlyList<MaskClass> classes)
    {
        IDataView rows = ml.Data.LoadFromTextFile<LabeledFrame>(Path.Combine(folder, "test.txt"), ' ', hasHeader: true);
        return ml
            .Transforms.LoadPictures("Frame", folder, nameof(LabeledFrame.Path))
            .Append(ml.Transforms.LoadMasks("Mask", folder, nameof(LabeledFrame.MaskPath), classes))
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv))
            .Fit(rows)
            .Transform(rows);
    }
}
