using System.Text.Json.Serialization;

namespace Tdv.MLNet.Benchmarks;

/// <summary>One measured ratio and the bar that it has to reach.</summary>
/// <param name="Name">What is compared with what.</param>
/// <param name="Ratio">The median over the rounds.</param>
/// <param name="Bar">What the ratio is held to; null for a figure that is only reported.</param>
/// <param name="Met">Whether the ratio is on the right side of the bar.</param>
internal sealed record RatioRow(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("bar")] double? Bar,
    [property: JsonPropertyName("met")] bool Met
)
{
    public static RatioRow AtLeast(string name, double ratio, double bar) => new(name, ratio, bar, ratio >= bar);

    public static RatioRow AtMost(string name, double ratio, double bar) => new(name, ratio, bar, ratio <= bar);

    public static RatioRow Reported(string name, double ratio) => new(name, ratio, null, true);
}
