namespace Tdv.Tool.Motion;

/// <summary>What is evaluated.</summary>
/// <param name="Data">The folder of pairs with their truth.</param>
/// <param name="Weights">Weights, runs or models; one for each seed.</param>
/// <param name="Out">The run that tables go to.</param>
/// <param name="Scale">Features are computed of pictures so many times as large.</param>
/// <param name="Reach">Pixels.</param>
/// <param name="Pictures">Pictures or videos that flow is learned from; none: it is not.</param>
internal sealed record MatchingSettings(
    string Data,
    IReadOnlyList<string> Weights,
    string Out,
    double Scale,
    int Reach,
    IReadOnlyList<string> Pictures
);
