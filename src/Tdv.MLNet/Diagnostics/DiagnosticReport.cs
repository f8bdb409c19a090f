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
            text.AppendLine($"{Mark(finding.Status)}  {finding.Name.PadRight(width)}  {finding.Details}");
            if (finding.Remedy is not null)
            {
                text.AppendLine($"{new string(' ', width + 11)}→ {finding.Remedy}");
            }
        }

        return text.ToString();
    }

    private static string Mark(FindingStatus status) =>
        status switch
        {
            FindingStatus.Fine => "fine   ",
            FindingStatus.Warning => "warning",
            _ => "PROBLEM",
        };
}
