using Tdv.MLNet;
using Tdv.MLNet.Pretraining;

namespace Tdv.Tool.Pipeline;

/// <summary>Every number that decides between quality and time, in one place.</summary>
internal static class Defaults
{
    /// <summary>Seconds between a frame and its predecessor: the paper's.</summary>
    public const double FrameInterval = 0.25;

    /// <summary>Seconds between two training pairs; short, so that few minutes of video give many.</summary>
    public const double RowInterval = 0.1;

    /// <summary>Of a video, that <c>show</c> and <c>report</c> look at.</summary>
    public const double SecondsToShow = 20;

    /// <summary>Pretraining steps of the demo.</summary>
    public const int DemoSteps = 240;

    /// <summary>Edge of the demo's frames: near that of its clips, at which its features are computed.</summary>
    public const int DemoSize = 96;

    /// <summary>Pixels that the classifier learns from, in all: more take longer and teach little.</summary>
    private const int Samples = 100_000;

    /// <summary>More passes than L-BFGS should need: it is to stop because it has converged.</summary>
    public const int LbfgsIterations = 300;

    public const float LbfgsTolerance = 1e-7f;

    /// <summary>Keeps hundreds of features of few labeled images from being learned by heart.</summary>
    public const float LbfgsL2 = 30f;

    public const int SdcaIterations = 30;

    public const int LightGbmTrees = 60;

    /// <summary>Overlays are written for at most so many test images, evenly chosen.</summary>
    public const int MostOverlays = 60;

    /// <summary>Frames are shrunk to this edge while decoding.</summary>
    public static int TrainingSize(TdvPreset preset) => preset == TdvPreset.Tiny ? 64 : 224;

    /// <summary>Pairs at the paper's distance, shrunk while decoding.</summary>
    public static VideoOptions Videos(int size) =>
        new()
        {
            FrameInterval = FrameInterval,
            RowInterval = RowInterval,
            FrameHeight = size,
            FrameWidth = size,
        };

    /// <summary>Pixels of each image that the classifier learns from.</summary>
    public static int SamplesPerImage(int images) => Math.Clamp(Samples / images, 50, 800);

    /// <summary>Three layers, evenly spread: early ones carry texture, late ones meaning.</summary>
    public static IReadOnlyList<int> Layers(int depth) => [depth / 3, 2 * depth / 3, depth];

    /// <summary>The size that features are computed at, without a wish.</summary>
    public static (int Height, int Width) FeatureSize(int height, int width, int trainingSize, int patchSize) =>
        FeatureSizes(null, height, width, trainingSize, patchSize)[0];

    /// <summary>
    /// The sizes that features are computed at, their aspect kept, in whole patches. Without a wish one: that of the images
    /// as far as it lies between 1⅓ and 3⅓ times the training size.
    /// </summary>
    /// <param name="longerSides">In pixels; null: no wish.</param>
    /// <param name="height">Of the images.</param>
    /// <param name="width">Of the images.</param>
    /// <param name="trainingSize">The edge of the frames that the network was trained on.</param>
    /// <param name="patchSize">The edge of a patch.</param>
    public static IReadOnlyList<(int Height, int Width)> FeatureSizes(
        IReadOnlyList<int>? longerSides,
        int height,
        int width,
        int trainingSize,
        int patchSize
    )
    {
        double longer = Math.Max(height, width);
        double usual = Math.Clamp(longer, trainingSize * 4 / 3.0, trainingSize * 10 / 3.0);
        double[] sides = longerSides is null ? [usual] : [.. longerSides];
        return [.. sides.Select(side => (Patches(height, side), Patches(width, side)))];

        int Patches(int length, double side) =>
            Math.Max(1, (int)Math.Round(length * (side / longer) / patchSize)) * patchSize;
    }
}
