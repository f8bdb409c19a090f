using Tdv.MLNet.Diagnostics;
using Xunit;

namespace Tdv.MLNet.Tests.Diagnostics;

public sealed class TdvDiagnosticsTests
{
    private static readonly Lazy<DiagnosticReport> Report = new(TdvDiagnostics.Run);

    [Fact]
    public void Where_the_tests_run_there_is_no_problem() =>
        Assert.False(Report.Value.HasProblem, Report.Value.ToString());

    [Fact]
    public void Each_part_is_examined_once_and_what_is_not_fine_has_a_remedy()
    {
        Assert.Equal(
            [
                ".NET",
                "ML.NET",
                "TorchSharp",
                "libtorch",
                "GPU",
                "libstdc++",
                "GTK 3",
                "OpenCV",
                "video",
                "SkiaSharp",
                "ONNX Runtime",
                "processor",
                "threads",
                "memory",
                "disk",
            ],
            Report.Value.Findings.Select(finding => finding.Name)
        );
        Assert.All(
            Report.Value.Findings,
            finding => Assert.Equal(finding.Status == FindingStatus.Fine, finding.Remedy is null)
        );
    }

    [Fact]
    public void Codecs_are_tried_and_told()
    {
        string details = Report.Value.Findings.Single(finding => finding.Name == "video").Details;

        Assert.StartsWith("FFmpeg is built into OpenCV and decodes H.264, HEVC, ", details, StringComparison.Ordinal);
        Assert.Contains("MPEG-2, Motion JPEG, ProRes", details, StringComparison.Ordinal);
        Assert.Equal(
            details.Contains("not AV1", StringComparison.Ordinal),
            details.Contains("ffmpeg -i IN", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_report_is_a_table_with_the_remedy_below()
    {
        var report = new DiagnosticReport([
            new("a", FindingStatus.Fine, "1.0"),
            new("long", FindingStatus.Problem, "is missing", "Install it."),
        ]);
        Assert.True(report.HasProblem);
        Assert.Equal(
            """
            fine     a     1.0
            PROBLEM  long  is missing
                           → Install it.

            """,
            report.ToString(),
            ignoreLineEndingDifferences: true
        );
    }

    [Fact]
    public void Onnx_runtime_is_a_part_of_the_library_with_its_version()
    {
        var finding = Report.Value.Findings.Single(finding => finding.Name == "ONNX Runtime");
        Assert.Equal(FindingStatus.Fine, finding.Status);
        Assert.StartsWith("1.", finding.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_that_fails_is_a_finding()
    {
        var finding = TdvDiagnostics.Probe(
            "a",
            () => throw new TypeInitializationException("B", new IOException("gone"))
        );
        Assert.Equal(FindingStatus.Problem, finding.Status);
        Assert.Equal("cannot be examined: IOException: gone", finding.Details);
    }

    [Theory]
    [InlineData(null, null, "1000", FindingStatus.Fine)]
    [InlineData("2", "passive", null, FindingStatus.Fine)]
    [InlineData("64", "passive", null, FindingStatus.Warning)]
    [InlineData(null, null, null, FindingStatus.Warning)]
    [InlineData(null, "ACTIVE", "1000", FindingStatus.Warning)]
    public void Thread_settings_are_judged(string? count, string? policy, string? spin, object status) =>
        Assert.Equal(status, ThreadProbes.Judge(count, policy, spin, cores: 4).Status);
}
