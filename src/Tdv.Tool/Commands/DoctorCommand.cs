using System.CommandLine;
using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv doctor</c>: whether everything that the library needs is there, or what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Examines the system: fine, or what to do. Exits with 1 if there is a problem."
        );
        command.SetAction(_ =>
        {
            var report = TdvDiagnostics.Run();
            Terminal.Line(report.ToString().TrimEnd());
            return report.HasProblem ? CommandLine.Failure : CommandLine.Success;
        });
        return command;
    }
}
