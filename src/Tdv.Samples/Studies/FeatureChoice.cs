namespace Tdv.Samples.Studies;

/// <summary>Which features a probe is given.</summary>
/// <param name="Layers">Blocks of the network, counted from 1; null: three, evenly spread.</param>
/// <param name="LongerSide">The longer side in pixels that images are resized to; null: by the network's training size.</param>
/// <param name="Position">Whether the position in the picture is a feature, too.</param>
internal sealed record FeatureChoice(IReadOnlyList<int>? Layers = null, int? LongerSide = null, bool Position = true)
{
    public override string ToString() =>
        $"layers {(Layers is null ? "evenly spread" : string.Join(", ", Layers))}, "
        + $"longer side {LongerSide?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "by the training size"}, "
        + (Position ? "with position" : "without position");
}
