using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>What flow is read from.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Columns">Side by side.</param>
internal sealed record ReadFeatures(string Name, IReadOnlyList<string> Columns)
{
    private const string Current = "Features";
    private const string Previous = "PreviousFeatures";
    private const string Encoded = "Motion";
    private const string Correlation = "Correlation";

    public static readonly ReadFeatures Motion = new("Δz", [Encoded]);

    /// <summary>Motion is change in time over change in space: what changed is half of it.</summary>
    public static readonly ReadFeatures MotionAndFrame = new("Δz and z", [Encoded, Previous]);

    /// <summary>Whatever can be read from their difference can be read from both.</summary>
    public static readonly ReadFeatures Frames = new("z of both frames", [Previous, Current]);
    public static readonly ReadFeatures Pixels = new("pixels of both frames", [Previous, Current]);
    public static readonly ReadFeatures Correlations = new("correlation of pixels", [Correlation]);

    /// <summary>Adds the columns that any of these is read from, to rows of Frame and PreviousFrame.</summary>
    public static IEstimator<ITransformer> Columnize(MLContext ml, Contender contender, int size)
    {
        if (contender.Model is not { } model)
        {
            return ml
                .Transforms.PatchFeaturize(Current, "Frame", size, size, contender.PatchSize)
                .Append(ml.Transforms.PatchFeaturize(Previous, "PreviousFrame", size, size, contender.PatchSize))
                .Append(
                    PixelCorrelation.Create(ml, Correlation, size, contender.PatchSize, ReadingSettings.Reach(size))
                );
        }

        var options = new TdvFeatureOptions { ImageHeight = size, ImageWidth = size };
        return ml
            .Transforms.TdvFeaturize(Current, "Frame", model, options with { MotionColumnName = Encoded })
            .Append(ml.Transforms.TdvFeaturize(Previous, "PreviousFrame", model, options));
    }
}
