using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>What pairs of frames <c>MakeMovingPairs</c> makes.</summary>
public sealed record MovingPairOptions
{
    /// <summary>A field that moves a sixth of the frame can still be inverted everywhere.</summary>
    private const int LargestPart = 6;
    private const int MaxSide = 4096;

    /// <summary>How many pairs, 1 or more. Default 500.</summary>
    public int Pairs { get; init; } = 500;

    /// <summary>Pixels from top to bottom of a frame, a multiple of <see cref="PatchSize"/>. Default 96.</summary>
    public int ImageHeight { get; init; } = 96;

    /// <summary>Pixels from left to right of a frame, a multiple of <see cref="PatchSize"/>. Default 96.</summary>
    public int ImageWidth { get; init; } = 96;

    /// <summary>Edge in pixels of the cells that the flow is given for: the network's patch size. Default 8.</summary>
    public int PatchSize { get; init; } = 8;

    /// <summary>
    /// The farthest that anything moves, in pixels, at most a sixth of the shorter side. What a background or an object
    /// moves at most is distributed evenly on a logarithmic scale from a 16th of it, so that most motions are small, as
    /// they are in real video; one in eight stands still. Default 16.
    /// </summary>
    public float MaxDisplacement { get; init; } = 16;

    /// <summary>The most objects in front of the background, 0 or more; at least one unless this is 0. Default 6.</summary>
    public int MaxObjects { get; init; } = 6;

    /// <summary>Of all that is random. Null: the seed of the MLContext, else 0.</summary>
    public int? Seed { get; init; }

    internal int Rows => ImageHeight / PatchSize;

    internal int Columns => ImageWidth / PatchSize;

    internal void Check(Faults faults)
    {
        faults.Check(Pairs >= 1, $"Pairs is {Pairs}; at least 1 is expected.");
        faults.Check(PatchSize >= 1, $"PatchSize is {PatchSize}; at least 1 is expected.");
        Side(nameof(ImageHeight), ImageHeight);
        Side(nameof(ImageWidth), ImageWidth);
        float most = Math.Min(ImageHeight, ImageWidth) / (float)LargestPart;
        faults.Check(
            MaxDisplacement > 0 && MaxDisplacement <= most,
            FormattableString.Invariant(
                $"MaxDisplacement is {MaxDisplacement}; it must be above 0 and at most a sixth of the shorter side, {most:0.##} pixels."
            )
        );
        faults.Check(MaxObjects is >= 0 and <= 100, $"MaxObjects is {MaxObjects}; 0 to 100 are expected.");

        void Side(string name, int pixels) =>
            faults.Check(
                pixels is >= 1 and <= MaxSide && (PatchSize < 1 || pixels % PatchSize == 0),
                $"{name} is {pixels}; it must be a multiple of PatchSize, {PatchSize}, from 1 to {MaxSide}."
            );
    }
}
