using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Documents;

/// <summary>The code of docs/seeing.md, word for word.</summary>
internal static class SeeingSnippets
{
    public static int Colors(IDataView clip, string folder)
    {
        int count = 0;
        // snippet: feature-colors
        // One basis for a clip: a color means the same in each of its frames.
        FeatureColors colors = FeatureColors.Fit(clip, "Features");
        foreach (float[] features in clip.GetColumn<float[]>("Features"))
        {
            using MLImage picture = colors.Paint(features, width: 320, height: 240);
            picture.Save(Path.Combine(folder, $"features-{count++:D4}.png"));
        }
        // end

        return count;
    }

    public static (IDataView Clip, float[][] Errors, byte[] Pixels) Maps(MLContext ml, IDataView videos, TdvModel tdv)
    {
        // snippet: maps
        // What the network attends to, what it saw moving, and what surprised it.
        var options = new TdvFeatureOptions { AttentionColumnName = "Attention", MotionColumnName = "Motion" };
        var pipeline = ml
            .Transforms.TdvFeaturize("Features", "Frame", tdv, options)
            .Append(ml.Transforms.TdvFeaturize("Before", "PreviousFrame", tdv));
        IDataView clip = pipeline.Fit(videos).Transform(videos);

        var rows = ml.Data.CreateEnumerable<Seen>(clip, reuseRowObject: false).ToList();
        float[][] errors =
        [
            .. rows.Select(row => FeatureMaps.PredictionError(row.Before, row.Motion, row.Features, tdv.Dimension)),
        ];
        HeatMap map = HeatMap.Fit(errors); // black to light yellow, the same in each frame
        int edge = tdv.ImageSize / tdv.PatchSize;
        using MLImage picture = map.Paint(errors[^1], edge, edge, width: 320, height: 240);
        // end

        return (clip, errors, picture.Pixels.ToArray());
    }

    public static (int Overlay, int Confusion) Masks(
        IDataView painted,
        MLImage frame,
        VBuffer<uint> mask,
        MaskMetrics metrics
    )
    {
        // snippet: mask-overlay
        // A mask over its frame with a legend, and the confusion matrix.
        var overlay = new MaskOverlay(painted.Schema["PredictedLabel"]);
        using MLImage masked = overlay.Paint(frame, mask.DenseValues().ToArray());
        using MLImage confusion = ConfusionPicture.Paint(metrics);
        // end

        return (masked.Height, confusion.Width);
    }

    public sealed class Seen
    {
        public float[] Features { get; set; } = [];

        public float[] Before { get; set; } = [];

        public float[] Motion { get; set; } = [];

        public float[] Attention { get; set; } = [];
    }
}
