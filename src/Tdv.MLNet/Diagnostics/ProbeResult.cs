namespace Tdv.MLNet.Diagnostics;

/// <summary>A finding that does not yet have its name.</summary>
internal sealed record ProbeResult(FindingStatus Status, string Details, string? Remedy)
{
    public static ProbeResult Fine(string details) => new(FindingStatus.Fine, details, null);

    public static ProbeResult Warning(string details, string remedy) => new(FindingStatus.Warning, details, remedy);

    public static ProbeResult Problem(string details, string remedy) => new(FindingStatus.Problem, details, remedy);
}
