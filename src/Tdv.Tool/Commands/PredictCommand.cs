using System.CommandLine;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv predict</c>: paints masks with a saved model.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Required("--model", "ZIP", "The model that 'segment' or 'demo' saved.");
        var input = CommonOptions.Required("--input", "FILE|DIR", "A picture, a folder of pictures, or a video.");
        var output = CommonOptions.Required("--out", "DIR", "Where masks (class ids) and overlays go.");
        var stride = CommonOptions.Stride();
        var edges = CommonOptions.FollowEdges();
        var command = new Command("predict", "Paints masks over a picture, a folder of pictures or a video.")
        {
            model,
            input,
            output,
            stride,
            edges,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        using var predictor = new Predictor(
                            parsed.GetValue(model)!,
                            parsed.GetValue(input)!,
                            parsed.GetValue(output)!,
                            new PaintingChoice(parsed.GetValue(stride), parsed.GetValue(edges))
                        );
                        predictor.Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
