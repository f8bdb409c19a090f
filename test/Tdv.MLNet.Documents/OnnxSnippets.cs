using Microsoft.ML;

namespace Tdv.MLNet.Documents;

/// <summary>The code of docs/onnx.md, word for word; DocumentationTests compares and OnnxSnippetTests run it.</summary>
internal static class OnnxSnippets
{
    public static void Export(string weights, string onnx, string anySize)
    {
        // snippet: export
        using TdvModel tdv = TdvModel.Load(weights);
        var features = new TdvFeatureOptions { ImageHeight = 96, ImageWidth = 128 };
        tdv.ExportOnnx(onnx, features);

        // For frames of any height and width, multiples of the patch.
        tdv.ExportOnnx(anySize, dynamicSize: true);
        // end
    }

    public static IDataView Apply(MLContext ml, IDataView pictures, string folder, string onnx)
    {
        // snippet: apply
        // In ML.NET, with Microsoft.ML.OnnxTransformer and without Tdv.MLNet.
        var pipeline = ml
            .Transforms.LoadImages("Image", folder, "Path")
            .Append(ml.Transforms.ResizeImages("Image", imageWidth: 128, imageHeight: 96))
            .Append(ml.Transforms.ExtractPixels("Frame", "Image"))
            .Append(ml.Transforms.ApplyOnnxModel("Features", "Frame", onnx));
        IDataView featurized = pipeline.Fit(pictures).Transform(pictures);
        // end

        return featurized;
    }

    public static IDataView Lower(MLContext ml, IDataView frames, TdvModel tdv)
    {
        // snippet: bfloat16
        var options = new TdvFeatureOptions { Precision = TdvPrecision.BFloat16 };
        IDataView featurized = ml
            .Transforms.TdvFeaturize("Features", "Frame", tdv, options)
            .Fit(frames)
            .Transform(frames);
        // end

        return featurized;
    }
}
