using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Takes a TDV network to programs of other languages, as ONNX.</summary>
public static class TdvModelOnnx
{
    /// <summary>
    /// Writes an ONNX model, whole or not at all, that computes what <c>TdvFeaturize</c> with the same options adds to
    /// resized frames. Any batch size; one image size, or any. Inputs: <c>Frame</c> and, for motion, the previous
    /// frame's column, float32 RGB from 0 to 255, <c>[batch, 3, ImageHeight, ImageWidth]</c>, as ML.NET's
    /// <c>ExtractPixels</c> makes them; the graph normalizes. Outputs: <c>Features</c>, <c>[batch, gridHeight,
    /// gridWidth, layers·D]</c>, and the CLS, motion and attention columns that the options name, each with a batch before
    /// its shape. Standard operators alone (set 17).
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="features">
    /// Image size, layers and outputs. What is about computing, such as <see cref="TdvFeatureOptions.BatchSize"/>, is not
    /// used.
    /// </param>
    /// <param name="dynamicSize">
    /// Takes frames of any height and width, multiples of the patch size; <see cref="TdvFeatureOptions.ImageHeight"/> and
    /// <see cref="TdvFeatureOptions.ImageWidth"/> are not used then. Default: one size.
    /// </param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ExportOnnx(
        this TdvModel model,
        string path,
        TdvFeatureOptions? features = null,
        bool dynamicSize = false
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        using var use = model.Use();
        var settings = FeatureSettings.From(features ?? new(), "Features", "Frame", model.Options);
        var bytes = OnnxExport.ToModel(model.Plain(), settings, dynamicSize);
        AtomicFile.Write(path, stream => stream.Write(bytes.Span));
    }
}
