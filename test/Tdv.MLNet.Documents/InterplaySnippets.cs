using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Documents;

/// <summary>The code of docs/interplay.md; InterplayTests runs it.</summary>
internal static class InterplaySnippets
{
    public static ITransformer Stock(MLContext ml, TdvModel tdv, IDataView rows, string folder, string onnx)
    {
        // snippet: stock
        // Write the network once ...
        var size = new TdvFeatureOptions { ImageHeight = 48, ImageWidth = 64 };
        tdv.ExportOnnx(onnx, size);

        // ... and run it with ML.NET's own transforms. This pipeline holds nothing of Tdv.MLNet.
        var pipeline = ml
            .Transforms.LoadImages("Picture", folder, "Path")
            .Append(ml.Transforms.ResizeImages("Resized", imageWidth: 64, imageHeight: 48, "Picture"))
            .Append(ml.Transforms.ExtractPixels("Frame", "Resized")) // RGB, 0 to 255, planes
            .Append(ml.Transforms.ApplyOnnxModel("Features", "Frame", onnx));
        ITransformer stock = pipeline.Fit(rows);
        // end

        return stock;
    }

    public static DataFrame Table(MLContext ml, TdvModel tdv, IDataView frames)
    {
        // snippet: table
        // One vector for each frame, in a table; -1 takes all rows.
        var options = new TdvFeatureOptions { ClsColumnName = "Cls" };
        IDataView view = ml.Transforms.TdvFeaturize("Features", "Frame", tdv, options).Fit(frames).Transform(frames);
        DataFrame table = view.ToDataFrame(-1, "Time", "Cls");

        // Rows can be selected, sorted, joined and described like those of any table.
        DataFrame late = table.Filter(table["Time"].ElementwiseGreaterThanOrEqual(0.3f));
        // end

        return late;
    }

    public static (MaskMetrics LightGbm, MaskMetrics FastTree) Trees(MLContext ml, IDataView featuresAndMasks)
    {
        // snippet: trees
        // Boosted trees on the features of each pixel: LightGBM for many classes, FastTree with one model for each class.
        var trainers = ml.MulticlassClassification.Trainers;
        var lightGbm = trainers.LightGbm(numberOfIterations: 20);
        var fastTree = trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastTree(numberOfTrees: 20));

        var light = trainers.PixelWise(lightGbm, samplesPerImage: 300).Fit(featuresAndMasks);
        var fast = trainers.PixelWise(fastTree, samplesPerImage: 300).Fit(featuresAndMasks);
        // end

        return (Measure(light), Measure(fast));

        MaskMetrics Measure(ITransformer model) =>
            ml.MulticlassClassification.EvaluateMasks(model.Transform(featuresAndMasks));
    }

    public static MLContext Device()
    {
        // snippet: device
        // The same two properties steer Microsoft.ML.TorchSharp's trainers and these here.
        var ml = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = true };
        // end

        return ml;
    }
}
