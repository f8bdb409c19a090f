using System.CommandLine;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv show</c>: what a network sees in a video.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A run of 'pretrain', weights, or a model.zip of 'segment'.",
        };
        var video = new Argument<string>("VIDEO") { Description = "A video, or a folder of numbered frames." };
        var output = new Option<string>("--out")
        {
            HelpName = "DIR",
            Description = "Where the pictures and videos go.",
            DefaultValueFactory = _ => "tdv-show",
        };
        var seconds = CommonOptions.AtLeastOne("--seconds", "N", "Of the video's beginning. Default: 20.");
        var command = new Command("show", "Paints what a network sees: features, attention, motion, prediction error.")
        {
            model,
            video,
            output,
            seconds,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        using var network = ModelSource.Load(Context.Create(seed: 0), parsed.GetValue(model)!);
                        new Show(
                            network,
                            parsed.GetValue(video)!,
                            parsed.GetValue(output)!,
                            parsed.GetValue(seconds) ?? Defaults.SecondsToShow
                        ).Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
