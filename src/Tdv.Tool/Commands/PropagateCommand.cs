using System.CommandLine;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv propagate</c>: masks of a few frames carried through a video.</summary>
internal static class PropagateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model", "--weights")
        {
            Required = true,
            HelpName = "FILE",
            Description = "A run of 'pretrain', weights, or a model.zip of 'segment'.",
        };
        var input = CommonOptions.Required("--input", "VIDEO", "A video, or a folder of numbered frames.");
        var masks = new Option<string[]>("--mask")
        {
            Required = true,
            HelpName = "PNG",
            AllowMultipleArgumentsPerToken = true,
            Description = "8-bit gray label pictures, as large as the frames.",
        };
        var frames = new Option<int[]>("--mask-at")
        {
            HelpName = "N",
            AllowMultipleArgumentsPerToken = true,
            Description = "The frames, from 0, that the masks belong to. Default: a single mask is the first frame's.",
        };
        var classes = new Option<string?>("--classes")
        {
            HelpName = "FILE",
            Description = "Lines 'id name red green blue [ignore]'. Default: the masks' ids, with colors of their own.",
        };
        var output = CommonOptions.Required(
            "--out",
            "DIR",
            "Where frames, masks, overlay.mp4, classes.txt and list.txt, for 'segment', go."
        );
        var every = CommonOptions.AtLeastOne("--every", "N", "Take every so many frames. Default: 1.");
        var size = new Option<string?>("--size")
        {
            HelpName = "HxW",
            Description = "What frames are resized to. Default: their own, within limits set by the training size.",
        };
        var command = new Command("propagate", "Carries the masks of one or a few frames through a video.")
        {
            model,
            input,
            masks,
            frames,
            classes,
            output,
            every,
            size,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        using var propagation = new VideoPropagation(
                            new PropagateSettings
                            {
                                Model = parsed.GetValue(model)!,
                                Input = parsed.GetValue(input)!,
                                Masks = parsed.GetValue(masks)!,
                                MasksAt = parsed.GetValue(frames) ?? [],
                                Classes = parsed.GetValue(classes),
                                Out = parsed.GetValue(output)!,
                                Every = parsed.GetValue(every) ?? 1,
                                Size = parsed.GetValue(size) is { } text ? FrameSize.Parse(text) : null,
                            }
                        );
                        propagation.Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
