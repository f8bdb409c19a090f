namespace Tdv.MLNet;

/// <summary>What was found about one part of the system.</summary>
/// <param name="Name">The part, such as <c>libtorch</c>.</param>
/// <param name="Status">How it is.</param>
/// <param name="Details">What was found: versions, paths, sizes.</param>
/// <param name="Remedy">What to do, exactly; null where nothing is to be done.</param>
public sealed record Finding(string Name, FindingStatus Status, string Details, string? Remedy = null)
{
    // Of a probe, which does not know its part's name.
    internal static Finding Fine(string details) => new("", FindingStatus.Fine, details);

    internal static Finding Warning(string details, string remedy) => new("", FindingStatus.Warning, details, remedy);

    internal static Finding Problem(string details, string remedy) => new("", FindingStatus.Problem, details, remedy);
}
