using System.CommandLine;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary>
/// <c>tdv evaluate</c>: what <c>segment</c> does in a new process, alone. What else can be evaluated is a command below
/// it, which does not need its options.
/// </summary>
internal static class EvaluateCommand
{
    /// <summary>The commands below, a line for each.</summary>
    private static readonly Func<Command>[] Others =
    [
        EvaluatePropagationCommand.Create,
        EvaluateFlowCommand.Create,
        EvaluateStereoCommand.Create,
        EvaluateTracksCommand.Create,
    ];

    public static Command Create()
    {
        var model = CommonOptions.Required("--model", "ZIP", "The model that 'segment' or 'demo' saved.");
        var test = CommonOptions.Required("--test", "LIST", "Lines 'image mask [predecessor]', relative to the list.");
        var classes = CommonOptions.Required("--classes", "FILE", "Lines 'id name red green blue [ignore]'.");
        var output = CommonOptions.Required("--out", "DIR", $"Where overlays, confusion and {Evaluation.FileName} go.");
        var stride = CommonOptions.Stride();
        var edges = CommonOptions.FollowEdges();
        var command = new Command("evaluate", "Compares a saved model's masks with the truth.")
        {
            model,
            test,
            classes,
            output,
            stride,
            edges,
        };
        Array.ForEach(Others, create => command.Add(create()));
        command.SetAction(parsed =>
        {
            using var evaluation = new Evaluation(
                parsed.GetValue(model)!,
                parsed.GetValue(test)!,
                parsed.GetValue(classes)!,
                parsed.GetValue(output)!,
                new PaintingChoice(parsed.GetValue(stride), parsed.GetValue(edges))
            );
            evaluation.Run();
            return CommandLine.Success;
        });
        return command;
    }
}
