namespace Tdv.Studies.Dino;

/// <summary>Which of DINO's biases the views of a frame have.</summary>
/// <param name="RandomCrops">How many of the two global views are random crops, 0 to 2; the others are the whole frame.</param>
/// <param name="LocalCrops">Small crops, which the student alone sees.</param>
/// <param name="Augment">Whether views are flipped, recolored and blurred at random.</param>
internal sealed record ViewOptions(int RandomCrops, int LocalCrops, bool Augment);
