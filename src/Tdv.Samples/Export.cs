using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Write a network as an ONNX model, for ONNX Runtime in whatever language, or ML.NET's own ApplyOnnxModel.</summary>
public static class Export
{
    /// <param name="weights">Pretrained weights.</param>
    /// <param name="onnx">The file to write.</param>
    public static void Run(string weights, string onnx)
    {
        using var tdv = TdvModel.Load(weights);

        // The image size is fixed from here on, the batch size is not. Frames are RGB from 0 to 255.
        var features = new TdvFeatureOptions
        {
            ImageHeight = 96,
            ImageWidth = 128,
            ClsColumnName = "Cls",
            MotionColumnName = "Motion",
        };
        tdv.ExportOnnx(onnx, features);
        Console.WriteLine($"{onnx}: {new FileInfo(onnx).Length / 1e6:F1} MB");
    }
}
