using System.CommandLine;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv evaluate flow</c>: flow from features beside the truth and other ways.</summary>
internal static class EvaluateFlowCommand
{
    public static Command Create() =>
        new MatchingOptions(FlowCommand.Reach, "What moves further").Evaluate(
            "flow",
            "Compares optical flow from features with the truth, beside baselines and classic methods.",
            "Pairs with true flow, named as in Middlebury, KITTI or FlyingChairs; folders below are searched, too.",
            (settings, cancellation) => new FlowEvaluation(settings).Run(cancellation),
            new Option<string[]>("--pictures")
            {
                HelpName = "DIR|VIDEOS",
                AllowMultipleArgumentsPerToken = true,
                Description =
                    "Also reads flow from the encoded motion: learned from these pictures, or frames of these videos, moved "
                    + "in known ways. Takes minutes for each network.",
            }
        );
}
