using System.CommandLine;
using Tdv.Tool.Motion;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv evaluate tracks</c>: how well points are followed, beside simpler ways.</summary>
internal static class EvaluateTracksCommand
{
    private const int DefaultClips = 12;

    public static Command Create()
    {
        var weights = new Option<string[]>("--weights")
        {
            Required = true,
            HelpName = "W",
            AllowMultipleArgumentsPerToken = true,
            Description = "Runs of 'pretrain' or weights, one for each seed.",
        };
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "Videos and their tracks.csv (video,point,frame,x,y,visible; videos relative to DIR).",
        };
        var pictures = new Option<string?>("--pictures")
        {
            HelpName = "DIR",
            Description =
                "Instead: pictures to make videos of, in which all motion is known; they are kept in RUN/clips.",
        };
        var clips = CommonOptions.AtLeastOne("--clips", "N", $"Videos made of pictures. Default: {DefaultClips}.");
        var output = CommonOptions.Required("--out", "RUN", "The folder that tables go to, for 'report'.");
        var resolution = TrackCommand.Resolution();
        var seed = CommonOptions.Seed();
        var command = new Command("tracks", "Shows how well points are followed by features, beside simpler ways.")
        {
            weights,
            data,
            pictures,
            clips,
            output,
            resolution,
            seed,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        string run = parsed.GetValue(output)!;
                        using var destination = OutputFolder.Open(run);
                        var truth = (parsed.GetValue(data), parsed.GetValue(pictures)) switch
                        {
                            ({ } folder, null) => TrackData.Read(folder),
                            (null, { } folder) => TrackData.Make(
                                folder,
                                destination,
                                parsed.GetValue(clips) ?? DefaultClips,
                                parsed.GetValue(seed)
                            ),
                            _ => throw new UserException(
                                "Give either --data, videos with their tracks.csv, or --pictures, a folder of pictures to make "
                                    + "such videos of."
                            ),
                        };
                        new TrackEvaluation(
                            truth,
                            parsed.GetValue(weights)!,
                            destination,
                            parsed.GetValue(resolution)
                        ).Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
