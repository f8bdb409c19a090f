using System.CommandLine;
using System.Diagnostics;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv segment</c>: from raw videos and labeled images to a model, masks and figures.</summary>
internal static class SegmentCommand
{
    public static Command Create()
    {
        var videos = new Option<string?>("--videos")
        {
            HelpName = "DIR",
            Description = "Videos to learn from, without labels.",
        };
        var weights = new Option<string?>("--weights")
        {
            HelpName = "FILE",
            Description = "Weights that 'pretrain' wrote, instead of --videos.",
        };
        var train = CommonOptions.Required(
            "--train",
            "LIST",
            "Lines 'image mask [predecessor]' to train on, relative to the list."
        );
        var test = CommonOptions.Required("--test", "LIST", "The same to evaluate on.");
        var classes = CommonOptions.Required("--classes", "FILE", "Lines 'id name red green blue [ignore]'.");
        var output = CommonOptions.Required(
            "--out",
            "DIR",
            "The folder of the run: model.zip, masks, figures, weights. A pretraining that was stopped goes on from there."
        );
        var preset = CommonOptions.Preset();
        var steps = CommonOptions.Steps();
        var size = CommonOptions.Size();
        var regularization = CommonOptions.Regularization();
        var trainer = CommonOptions.Trainer();
        var stride = CommonOptions.Stride();
        var edges = CommonOptions.FollowEdges();
        var sides = CommonOptions.Resolutions();
        var color = new Option<bool>("--color")
        {
            Description = "Colors are features beside the network's; they help where classes differ in color.",
        };
        var seed = CommonOptions.Seed();
        var command = new Command(
            "segment",
            "Learns from your videos, trains on your labeled images, paints and evaluates."
        )
        {
            videos,
            weights,
            train,
            test,
            classes,
            output,
            preset,
            steps,
            size,
            regularization,
            trainer,
            stride,
            edges,
            sides,
            color,
            seed,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(videos) is null == result.GetResult(weights) is null)
            {
                result.AddError("Give either --videos, to learn from, or --weights, which were learned before.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        var clock = Stopwatch.StartNew();
                        using var segmentation = new Segmentation(
                            new SegmentSettings
                            {
                                Videos = parsed.GetValue(videos),
                                Weights = parsed.GetValue(weights),
                                Train = parsed.GetValue(train)!,
                                Test = parsed.GetValue(test)!,
                                Classes = parsed.GetValue(classes)!,
                                Out = parsed.GetValue(output)!,
                                Preset = CommonOptions.PresetOf(parsed.GetValue(preset)!),
                                Steps = parsed.GetValue(steps),
                                Size = parsed.GetValue(size),
                                Regularization = parsed.GetValue(regularization),
                                Trainer = parsed.GetValue(trainer)!,
                                Seed = parsed.GetValue(seed),
                                Stride = parsed.GetValue(stride),
                                FollowEdges = parsed.GetValue(edges) ?? false,
                                LongerSides = CommonOptions.NoneIfEmpty(parsed.GetValue(sides)),
                                Color = parsed.GetValue(color),
                            }
                        );
                        segmentation.Run(clock, cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
