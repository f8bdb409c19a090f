using Tdv.Studies.Dino;

namespace Tdv.Studies;

/// <summary>A row of the paper's Table 1: DINO, from which one bias after the other is taken away, or what it is compared with.</summary>
/// <param name="Key">Names its results.</param>
/// <param name="Title">What is trained.</param>
/// <param name="Paper">The paper's result, ImageNet kNN top-5 in percent; not a number where it has none.</param>
/// <param name="Views">DINO's views; null: no DINO.</param>
internal sealed record Bias(string Key, string Title, double Paper, ViewOptions? Views) : IStudyRow
{
    /// <summary>As DINO's code has by default.</summary>
    private const int LocalCrops = 8;

    public static Bias Tdv { get; } = new("bias-tdv", "TDV, no crops, no augmentations", 17.05, null);

    public static Bias Untrained { get; } = new("bias-untrained", "untrained network", double.NaN, null);

    public static IReadOnlyList<Bias> All { get; } =
    [
        Tdv,
        new("bias-dino", "DINO", 40.19, new ViewOptions(RandomCrops: 2, LocalCrops, Augment: true)),
        new("bias-no-augmentations", "without augmentations", 26.82, new ViewOptions(2, LocalCrops, Augment: false)),
        new("bias-no-local-crops", "and without local crops", 23.07, new ViewOptions(2, 0, Augment: false)),
        new("bias-one-crop", "and one random crop fewer", 14.91, new ViewOptions(1, 0, Augment: false)),
        new("bias-none", "none: both views the whole frame", 2.37, new ViewOptions(0, 0, Augment: false)),
        Untrained,
    ];
}
