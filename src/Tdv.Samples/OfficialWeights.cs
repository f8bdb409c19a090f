using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Compute features with weights that others trained: official TDV checkpoints, or DINOv2's.</summary>
public static class OfficialWeights
{
    /// <param name="checkpoint">A <c>.pth</c>, <c>.ckpt</c> or <c>.safetensors</c> file.</param>
    /// <param name="video">The frames to look at.</param>
    /// <returns>A feature of each frame as a whole, <c>[frames][D]</c>.</returns>
    public static IReadOnlyList<float[]> Run(string checkpoint, string video)
    {
        var ml = new MLContext();

        // Nothing in the file is executed. What no tensor tells, such as the heads, TdvLoadOptions does.
        using var tdv = TdvModel.Load(checkpoint);
        Console.WriteLine(
            $"{tdv.Depth} blocks, {tdv.Dimension} wide, {tdv.PatchSize} px patches, "
                + $"{tdv.ParameterCount / 1e6:F1} M parameters, motion encoder: {tdv.HasMotionEncoder}"
        );

        IDataView frames = ml.Data.LoadFromVideos(video);
        var features = new TdvFeatureOptions { ClsColumnName = "Cls" };
        IDataView view = ml.Transforms.TdvFeaturize("Features", "Frame", tdv, features).Fit(frames).Transform(frames);
        return [.. view.GetColumn<float[]>("Cls")];
    }
}
