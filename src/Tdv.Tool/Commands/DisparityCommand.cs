using System.CommandLine;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv disparity</c>: how near everything is, from the features of a stereo pair.</summary>
internal static class DisparityCommand
{
    /// <summary>Pixels.</summary>
    public const int Reach = 128;

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var left = CommonOptions.Required("--left", "PICTURE", "The left picture of a rectified pair.");
        var right = CommonOptions.Required("--right", "PICTURE", "The right one.");
        var output = CommonOptions.Required("--out", "DIR", "Where .pfm, .png as KITTI has it, and colors go.");
        var matching = new MatchingOptions(Reach, "A larger disparity");
        var command = new Command("disparity", "Finds disparity by comparing features of a stereo pair.")
        {
            model,
            left,
            right,
            output,
        };
        matching.AddTo(command);
        command.SetAction(parsed =>
        {
            new MatchingFiles(
                parsed.GetValue(model)!,
                parsed.GetValue(output)!,
                matching.ScaleOf(parsed),
                matching.ReachOf(parsed)
            ).WriteDisparity(parsed.GetValue(left)!, parsed.GetValue(right)!);
            return CommandLine.Success;
        });
        return command;
    }
}
