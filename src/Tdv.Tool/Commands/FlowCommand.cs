using System.CommandLine;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv flow</c>: where everything moves, from features.</summary>
internal static class FlowCommand
{
    /// <summary>Pixels.</summary>
    public const int Reach = 64;

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var from = new Option<string?>("--from") { HelpName = "PICTURE", Description = "The first picture." };
        var to = new Option<string?>("--to") { HelpName = "PICTURE", Description = "The next one." };
        var video = new Option<string?>("--video")
        {
            HelpName = "PATH",
            Description = "Instead of pictures: a video, or a folder of numbered frames; flow every 0.25 seconds.",
        };
        var output = CommonOptions.Required("--out", "DIR", "Where .flo, .png as KITTI has it, and colors go.");
        var matching = new MatchingOptions(Reach, "What moves further");
        var command = new Command(
            "flow",
            "Finds optical flow by comparing features of two pictures, or of a video's frames."
        )
        {
            model,
            from,
            to,
            video,
            output,
        };
        matching.AddTo(command);
        command.Validators.Add(result =>
        {
            bool pictures = result.GetValue(from) is not null && result.GetValue(to) is not null;
            bool any = result.GetValue(from) is not null || result.GetValue(to) is not null;
            if (result.GetValue(video) is null ? !pictures : any)
            {
                result.AddError("Give either --from and --to, or --video.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        var files = new MatchingFiles(
                            parsed.GetValue(model)!,
                            parsed.GetValue(output)!,
                            matching.ScaleOf(parsed),
                            matching.ReachOf(parsed)
                        );
                        if (parsed.GetValue(video) is { } path)
                        {
                            files.WriteFlows(path, cancellation);
                        }
                        else
                        {
                            files.WriteFlow(parsed.GetValue(from)!, parsed.GetValue(to)!);
                        }

                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
