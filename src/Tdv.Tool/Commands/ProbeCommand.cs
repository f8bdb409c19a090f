using System.CommandLine;
using Tdv.Tool.Probing;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv probe</c>: what a network's features know, beside what simpler features know.</summary>
internal static class ProbeCommand
{
    public static Command Create()
    {
        var options = new ProbeOptions();
        var videos = new Option<string?>("--videos")
        {
            HelpName = "DIR",
            Description = "Videos to predict frames of, best ones that the network has not seen.",
        };
        var command = new Command(
            "probe",
            "Shows what frozen features know of pixels: a linear probe and nearest neighbors, beside baselines."
        )
        {
            videos,
        };
        options.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        new Probe(options.Of(parsed) with { Videos = parsed.GetValue(videos) }).Run(cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
