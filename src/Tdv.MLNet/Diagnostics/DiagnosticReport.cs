using System.Text;

namespace Tdv.MLNet;

/// <summary>What <see cref="TdvDiagnostics.Run"/> found.</summary>
public sealed class DiagnosticReport
{
    internal DiagnosticReport(IReadOnlyList<Finding> findings) => Findings = findings;

    /// <summary>One finding for each part of the system.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Whether something does not work.</summary>
    public bool HasProblem => Findings.Any(finding => finding.Status == FindingStatus.Problem);

    /// <summary>The findings as a table of plain text, each remedy below its finding.</summary>
    public override string ToString()
    {
        int width = Findings.Max(finding => finding.Name.Length);
        var text = new StringBuilder();
        foreach (var finding in Findings)
        {
            // Of one width, and none is to overlook a problem.
            string status = finding.Status.ToString().PadRight(7);
            string mark =
                finding.Status == FindingStatus.Problem ? status.ToUpperInvariant() : status.ToLowerInvariant();
            text.AppendLine($"{mark}  {finding.Name.PadRight(width)}  {finding.Details}");
            if (finding.Remedy is not null)
            {
                text.AppendLine($"{new string(' ', width + 11)}→ {finding.Remedy}");
            }
        }

        return text.ToString();
    }
}
