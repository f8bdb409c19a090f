using Tdv.MLNet;

namespace Tdv.Studies;

/// <summary>One training of a study of recipes.</summary>
/// <param name="Recipe">How it is trained.</param>
/// <param name="Seed">Of weights, data order and the probe's pixels.</param>
/// <param name="Steps">Training steps; 0 for an untrained network.</param>
/// <param name="Size">Height and width in pixels of the frames.</param>
internal sealed record RecipeRun(StudyRecipe Recipe, int Seed, int Steps, int Size)
{
    /// <summary>Names its files.</summary>
    public string Name => FormattableString.Invariant($"{Recipe.Key}-{Steps}-{Size}-seed{Seed}");

    /// <summary>The options that all recipes have, and what is particular about this one.</summary>
    public TdvOptions Options()
    {
        var common = new TdvOptions
        {
            Steps = Math.Max(1, Steps),
            ImageSize = Size,
            Seed = Seed,
        };
        return Recipe.Change?.Invoke(common) ?? common;
    }
}
