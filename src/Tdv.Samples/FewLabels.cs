using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Videos are cheap and labels dear: how good are the masks with one, with four, with all labeled frames?</summary>
public static class FewLabels
{
    /// <param name="folder">Holds <c>train.txt</c>, <c>test.txt</c> and <c>classes.txt</c>.</param>
    /// <param name="weights">Pretrained weights.</param>
    /// <param name="counts">Numbers of labeled frames to learn from.</param>
    /// <returns>The mean IoU on the test frames for each of the counts.</returns>
    public static IReadOnlyList<double> Run(string folder, string weights, params int[] counts)
    {
        var ml = new MLContext(seed: 42);
        using var tdv = TdvModel.Load(weights);

        IDataView train = Featurize(ml, tdv, folder, "train.txt");
        IDataView test = Featurize(ml, tdv, folder, "test.txt");

        var trainers = ml.MulticlassClassification.Trainers;
        var classifier = trainers.LbfgsMaximumEntropy(l1Regularization: 0, l2Regularization: 30);
        var results = new List<double>();
        foreach (int count in counts)
        {
            IDataView few = ml.Data.TakeRows(train, count);
            var model = trainers.PixelWise(classifier, samplesPerImage: 400).Fit(few);
            MaskMetrics metrics = ml.MulticlassClassification.EvaluateMasks(model.Transform(test), "Mask");
            Console.WriteLine($"{count} labeled frames: {metrics}");
            results.Add(metrics.MeanIoU);
        }

        return results;
    }

    private static IDataView Featurize(MLContext ml, TdvModel tdv, string folder, string list)
    {
        IDataView rows = ml.Data.LoadFromTextFile<LabeledFrame>(Path.Combine(folder, list), ' ', hasHeader: true);
        var classes = MaskClass.ReadFile(Path.Combine(folder, "classes.txt"));
        return ml
            .Transforms.LoadPictures("Frame", folder, nameof(LabeledFrame.Path))
            .Append(ml.Transforms.LoadMasks("Mask", folder, nameof(LabeledFrame.MaskPath), classes))
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv))
            .Fit(rows)
            .Transform(rows);
    }
}
