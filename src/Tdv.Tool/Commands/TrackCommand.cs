using System.CommandLine;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv track</c>: follows points through a video.</summary>
internal static class TrackCommand
{
    public static Command Create()
    {
        var weights = CommonOptions.Required(
            "--weights",
            "W",
            "A run of 'pretrain', weights, or a model.zip of 'segment'."
        );
        weights.Aliases.Add("--model");
        var input = CommonOptions.Required("--input", "VIDEO", "A video, or a folder of numbered frames.");
        var points = CommonOptions.Required(
            "--points",
            "POINTS",
            "Pixels and the frame from which on they are followed, \"x,y[@frame];…\", or a CSV file video,point,frame,x,y,visible."
        );
        var output = CommonOptions.Required("--out", "DIR", "Where tracks.csv and the painted video go.");
        var resolution = Resolution();
        var command = new Command("track", "Follows points through a video and paints their trails.")
        {
            weights,
            input,
            points,
            output,
            resolution,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        using var tracking = new VideoTracking(
                            parsed.GetValue(weights)!,
                            parsed.GetValue(input)!,
                            parsed.GetValue(points)!,
                            parsed.GetValue(output)!,
                            parsed.GetValue(resolution)
                        );
                        tracking.Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    public static Option<int?> Resolution() =>
        CommonOptions.AtLeastOne(
            "--resolution",
            "PIXELS",
            "The longer side that frames are resized to for features. Default: 4 times the network's training size."
        );
}
