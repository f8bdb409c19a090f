using System.CommandLine;
using Tdv.Tool.Output;
using Tdv.Tool.Reporting;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv report</c>: everything about a run on one page.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN")
        {
            Description = "The folder that 'pretrain', 'segment' or 'demo' wrote.",
        };
        var video = new Option<string?>("--video")
        {
            HelpName = "FILE",
            Description = "A video to show the network's view of. Default: the first of the training's that is there.",
        };
        var output = new Option<string?>("--out")
        {
            HelpName = "FILE",
            Description = "The page. Default: report.html in the run's folder.",
        };
        var command = new Command(
            "report",
            "Writes one page about a run: pictures, masks, curves, results, configuration."
        )
        {
            run,
            video,
            output,
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(run)!;
            var report = new RunReport(folder, parsed.GetValue(video));
            string path = report.Write(parsed.GetValue(output));
            foreach (string left in report.LeftOut)
            {
                Terminal.Warning($"left out: {left}");
            }

            Terminal.Line($"saved {path}, {new FileInfo(path).Length / 1024} KB; open it in any browser");
            return CommandLine.Success;
        });
        return command;
    }
}
