using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>What flow is read from.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Columns">Side by side.</param>
/// <param name="Neighborhood">Cells to each side.</param>
internal sealed record ReadFeatures(string Name, IReadOnlyList<string> Columns, int Neighborhood)
{
    private const string Current = "Features";
    private const string Previous = "PreviousFeatures";
    private const string Encoded = "Motion";

    public static readonly ReadFeatures MotionAlone = new("Δz", [Encoded], 0);
    public static readonly ReadFeatures Motion = new("Δz of 3 × 3 cells", [Encoded], 1);
    public static readonly ReadFeatures MotionAndFrame = new("Δz and z", [Encoded, Previous], 0);

    /// <summary>Whatever is linear in their difference is linear in both.</summary>
    public static readonly ReadFeatures Frames = new("z of both frames", [Previous, Current], 0);
    public static readonly ReadFeatures Pixels = new("pixels of both frames", [Previous, Current], 0);

    /// <summary>Adds the columns that any of these is read from, to rows of Frame and PreviousFrame.</summary>
    public static IEstimator<ITransformer> Columnize(MLContext ml, Contender contender, int size)
    {
        if (contender.Model is not { } model)
        {
            return ml
                .Transforms.PatchFeaturize(Current, "Frame", size, size, contender.PatchSize)
                .Append(ml.Transforms.PatchFeaturize(Previous, "PreviousFrame", size, size, contender.PatchSize));
        }

        var options = new TdvFeatureOptions { ImageHeight = size, ImageWidth = size };
        return ml
            .Transforms.TdvFeaturize(Current, "Frame", model, options with { MotionColumnName = Encoded })
            .Append(ml.Transforms.TdvFeaturize(Previous, "PreviousFrame", model, options));
    }
}
