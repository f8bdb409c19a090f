using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>On what made pairs flow is learned to be read, and on what others it is measured.</summary>
/// <param name="Size">Edge of the squares that pictures are shrunk to, in pixels, a multiple of the patch size.</param>
/// <param name="Pairs">To learn from.</param>
/// <param name="HeldOut">Of other pictures, to measure on.</param>
/// <param name="Passes">Over the pairs, to learn.</param>
/// <param name="Seed">Of the pairs.</param>
internal sealed record ReadingSettings(int Size, int Pairs = 1500, int HeldOut = 100, int Passes = 20, int Seed = 0)
{
    /// <summary>The picture's edge over the farthest motion: 16 of 96 pixels.</summary>
    private const float Farthest = 6;

    /// <summary>Whole pixels that nothing moves farther than.</summary>
    public static int Reach(int size) => (int)MathF.Ceiling(size / Farthest);

    public MovingPairOptions Learned(int patchSize) =>
        new()
        {
            Pairs = Pairs,
            ImageHeight = Size,
            ImageWidth = Size,
            PatchSize = patchSize,
            MaxDisplacement = Size / Farthest,
            Seed = Seed,
        };

    public MovingPairOptions Measured(int patchSize) =>
        Learned(patchSize) with
        {
            Pairs = HeldOut,
            Seed = Seed + 1_000_000,
        };
}
