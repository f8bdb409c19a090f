using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Training;

namespace Tdv.Tool.Seeing;

/// <summary>Paints all that a network makes of a clip, with colors that mean the same in each of its frames.</summary>
internal sealed class SeenPainter
{
    private readonly SeenVideo _video;
    private readonly FeatureColors _features;
    private readonly HeatMap _attention;
    private readonly FeatureColors? _motionColors;
    private readonly HeatMap? _motion;
    private readonly HeatMap? _error;

    /// <param name="video">Where the frames come from.</param>
    /// <param name="sample">Frames from all over the clip.</param>
    public SeenPainter(SeenVideo video, IReadOnlyList<SeenFrame> sample)
    {
        _video = video;
        _features = Colors(frame => frame.Features);
        _attention = HeatMap.Fit(sample.Select(Attention));
        if (video.HasMotion)
        {
            _motionColors = Colors(frame => frame.Motion);
            _motion = HeatMap.Fit(sample.Select(Motion));
            _error = HeatMap.Fit(sample.Select(Error));
        }

        FeatureColors Colors(Func<SeenFrame, float[]> of) =>
            FeatureColors.Fit(sample.Select(of), video.Rows, video.Columns);
    }

    public IReadOnlyList<Panel> Panels => Panel.Of(_video.HasMotion);

    /// <summary>
    /// How much better the prediction is than "nothing moves", over all frames: 0 no better, 1 perfect; not a number where
    /// nothing moves.
    /// </summary>
    public double PredictionGain(IReadOnlyCollection<SeenFrame> frames)
    {
        double cells = (double)frames.Count * _video.Rows * _video.Columns;
        double error = frames.Sum(frame => Error(frame).Sum(value => (double)value));
        double copy = frames.Sum(frame =>
            FeatureMaps.PredictionError(frame.Before, [], frame.Features, _video.Dimension).Sum(value => (double)value)
        );
        return Gain.Of(error / cells, copy / cells);
    }

    /// <returns>A picture as large as the frame.</returns>
    public MLImage Paint(SeenFrame frame, Panel panel)
    {
        int width = frame.Image.Width;
        int height = frame.Image.Height;
        if (panel == Panel.Features)
        {
            return _features.Paint(frame.Features, width, height);
        }

        if (panel == Panel.MotionColors)
        {
            return _motionColors!.Paint(frame.Motion, width, height);
        }

        return panel == Panel.Attention ? Map(_attention, Attention(frame))
            : panel == Panel.Motion ? Map(_motion!, Motion(frame))
            : panel == Panel.Error ? Map(_error!, Error(frame))
            : MLImage.CreateFromPixels(width, height, frame.Image.PixelFormat, frame.Image.Pixels);

        MLImage Map(HeatMap map, float[] values) => map.Paint(values, _video.Rows, _video.Columns, width, height);
    }

    private float[] Attention(SeenFrame frame) => FeatureMaps.MeanAttention(frame.Attention, _video.Heads);

    private float[] Motion(SeenFrame frame) => FeatureMaps.Magnitude(frame.Motion, _video.Dimension);

    private float[] Error(SeenFrame frame) =>
        FeatureMaps.PredictionError(frame.Before, frame.Motion, frame.Features, _video.Dimension);
}
