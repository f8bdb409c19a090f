using System.CommandLine;
using Tdv.MLNet;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv evaluate propagation</c>: masks carried through DAVIS, beside baselines.</summary>
internal static class EvaluatePropagationCommand
{
    private const string Dino = "dino";
    private const string Lab = "lab";

    public static Command Create()
    {
        var data = CommonOptions.Required("--data", "DIR", "DAVIS: JPEGImages/SEQUENCE and Annotations/SEQUENCE.");
        var weights = new Option<string[]>("--weights")
        {
            Required = true,
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
            Description = "Weights that 'pretrain' wrote; several of one architecture: one for each seed.",
        };
        var output = CommonOptions.Required("--out", "RUN", "The folder that tables go to.");
        var protocol = new Option<string>("--protocol")
        {
            Description =
                "dino: each class is stretched to 0 to 1 before the largest wins; lab: the largest share wins, a threshold "
                + "of 0.5 for single objects.",
            DefaultValueFactory = _ => Dino,
        }.AcceptOnlyFromAmong(Dino, Lab);
        var every = CommonOptions.AtLeastOne("--every", "N", "Take every so many frames. Default: 1.");
        var first = CommonOptions.AtLeastOne("--first", "N", "Take so many of those. Default: all.");
        var size = new Option<string?>("--size")
        {
            HelpName = "HxW",
            Description = "What frames are resized to. Default: their own, within limits set by the training size.",
        };
        var sequences = new Option<string[]>("--sequences")
        {
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
            Description = "Default: all.",
        };
        var command = new Command("propagation", "Carries the first frame's masks through DAVIS and measures J and F.")
        {
            data,
            weights,
            output,
            protocol,
            every,
            first,
            size,
            sequences,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        new DavisPropagation(
                            new DavisSettings
                            {
                                Data = parsed.GetValue(data)!,
                                Weights = parsed.GetValue(weights)!,
                                Out = parsed.GetValue(output)!,
                                Decision =
                                    parsed.GetValue(protocol) == Dino ? MaskDecision.Stretched : MaskDecision.Largest,
                                Every = parsed.GetValue(every) ?? 1,
                                First = parsed.GetValue(first),
                                Size = parsed.GetValue(size) is { } text ? FrameSize.Parse(text) : null,
                                Sequences = parsed.GetValue(sequences) ?? [],
                            }
                        ).Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
