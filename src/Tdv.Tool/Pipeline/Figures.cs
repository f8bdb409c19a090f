using Tdv.MLNet;

namespace Tdv.Tool.Pipeline;

/// <summary>How well masks agree with the truth, all from 0 to 1.</summary>
/// <param name="MeanIoU">Mean over the classes of intersection over union.</param>
/// <param name="MeanAccuracy">Mean over the classes of the part of a class's pixels that is right.</param>
/// <param name="PixelAccuracy">The part of all pixels that is right.</param>
/// <param name="ClassIoU">Intersection over union by class; NaN for a class that does not occur.</param>
internal sealed record Figures(
    double MeanIoU,
    double MeanAccuracy,
    double PixelAccuracy,
    IReadOnlyDictionary<string, double> ClassIoU
)
{
    public static Figures From(MaskMetrics metrics) =>
        new(
            metrics.MeanIoU,
            metrics.MeanClassAccuracy,
            metrics.PixelAccuracy,
            metrics.ClassNames.Zip(metrics.PerClassIoU).ToDictionary(pair => pair.First, pair => pair.Second)
        );

    public override string ToString() => $"mIoU={MeanIoU:F3} mAcc={MeanAccuracy:F3} pixelAcc={PixelAccuracy:F3}";
}
