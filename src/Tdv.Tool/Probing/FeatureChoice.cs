namespace Tdv.Tool.Probing;

/// <summary>Which features a probe is given.</summary>
/// <param name="Layers">Blocks of the network, counted from 1; null: three, evenly spread.</param>
/// <param name="LongerSides">
/// The longer sides in pixels that images are resized to; features of several sizes lie beside one another. Null: one, by
/// the network's training size.
/// </param>
/// <param name="Position">Whether the position in the picture is a feature, too.</param>
internal sealed record FeatureChoice(
    IReadOnlyList<int>? Layers = null,
    IReadOnlyList<int>? LongerSides = null,
    bool Position = true
)
{
    public override string ToString() =>
        $"layers {Text(Layers, "evenly spread")}, longer side {Text(LongerSides, "by the training size")}, "
        + (Position ? "with position" : "without position");

    private static string Text(IReadOnlyList<int>? numbers, string none) =>
        numbers is null ? none : FormattableString.Invariant($"{string.Join(", ", numbers)}");
}
