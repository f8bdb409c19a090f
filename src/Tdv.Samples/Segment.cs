using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Paint masks by what things look like and how they move, and measure how good the masks are.</summary>
public static class Segment
{
    /// <param name="folder">Holds <c>train.txt</c>, <c>test.txt</c> and <c>classes.txt</c>.</param>
    /// <param name="weights">Pretrained weights.</param>
    /// <param name="zip">The model to write.</param>
    public static MaskMetrics Run(string folder, string weights, string zip)
    {
        var ml = new MLContext(seed: 42);
        IDataView train = Load(ml, folder, "train.txt");
        IDataView test = Load(ml, folder, "test.txt");

        // A frame's features, and what moved since the frame before.
        using var tdv = TdvModel.Load(weights);
        var features = new TdvFeatureOptions { Layers = [2, 4, 6], MotionColumnName = "Motion" };
        var trainers = ml.MulticlassClassification.Trainers;
        var pipeline = ml
            .Transforms.LoadPictures("Frame", folder, nameof(LabeledFrame.Path))
            .Append(ml.Transforms.LoadPictures("PreviousFrame", folder, nameof(LabeledFrame.PreviousPath)))
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv, features))
            .Append(
                trainers.PixelWise(
                    trainers.LbfgsMaximumEntropy(l1Regularization: 0, l2Regularization: 30),
                    new PixelWiseOptions { FeatureColumnNames = ["Features", "Motion"], SamplesPerImage = 400 }
                )
            );
        var model = pipeline.Fit(train);
        ml.Model.SaveAtomically(model, train.Schema, zip);

        return ml.MulticlassClassification.EvaluateMasks(model.Transform(test), "Mask");
    }

    /// <summary>A list has a line <c>image mask previous</c> for each labeled frame, and one line above them.</summary>
    private static IDataView Load(MLContext ml, string folder, string list)
    {
        IDataView rows = ml.Data.LoadFromTextFile<LabeledFrame>(Path.Combine(folder, list), ' ', hasHeader: true);
        var classes = MaskClass.ReadFile(Path.Combine(folder, "classes.txt"));
        return ml
            .Transforms.LoadMasks("Mask", folder, nameof(LabeledFrame.MaskPath), classes)
            .Fit(rows)
            .Transform(rows);
    }
}
