using System.CommandLine;
using System.Diagnostics;
using Tdv.Samples.Demo;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv demo</c>: films its own data, then goes the way that <c>segment</c> goes.</summary>
internal static class DemoCommand
{
    private const string DefaultFolder = "tdv-demo";
    private const string Data = "data";

    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            HelpName = "DIR",
            Description = "Where the data, the model, the overlays and the figures go.",
            DefaultValueFactory = _ => DefaultFolder,
        };
        var steps = CommonOptions.Steps();
        var trainer = CommonOptions.Trainer();
        var seed = CommonOptions.Seed();
        var command = new Command(
            "demo",
            "Learns from videos that it films itself and paints masks: a minute or two on 2 cores."
        )
        {
            output,
            steps,
            trainer,
            seed,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                        Run(
                            parsed.GetValue(output)!,
                            parsed.GetValue(steps),
                            parsed.GetValue(trainer)!,
                            parsed.GetValue(seed),
                            cancellation
                        ),
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int Run(string output, int? steps, string trainer, int seed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var options = new DemoOptions { Seed = seed };
        var data = new DemoData(options, Path.Combine(output, Data));
        using (var folder = OutputFolder.Open(output))
        {
            BeginAnew(new RunFolder(output), folder);
            Terminal.Heading($"Filming {options.TrainClips + options.TestClips} clips of {options.Seconds} seconds");
            Terminal.Line(
                "textured shapes that move, and twins of the same look that stand still and count as background"
            );
            data.Write();
        }

        Terminal.Line($"wrote {Path.Combine(output, Data)}");
        using var segmentation = new Segmentation(
            new SegmentSettings
            {
                Videos = data.TrainVideos,
                Train = data.TrainList,
                Test = data.TestList,
                Classes = data.Classes,
                Out = output,
                Steps = steps ?? Defaults.DemoSteps,
                Size = Defaults.DemoSize,
                // Which of two twins moves is all that counts here, and what moves is easiest to read without.
                Regularization = 0,
                Trainer = trainer,
                Seed = seed,
            }
        );
        segmentation.Run(clock, cancellation);
        return CommandLine.Success;
    }

    /// <summary>What is filmed anew is learned anew; a training that the user made otherwise is not to be lost by that.</summary>
    private static void BeginAnew(RunFolder run, OutputFolder folder)
    {
        if (run.HasTraining && !folder.Owns(Data))
        {
            throw new UserException(
                $"'{folder.Path}' holds a training that is not the demo's, which begins anew. Choose another folder with --out."
            );
        }

        folder.Require([Data]);
        folder.Claim(Data);
        run.Clear(folder);
    }
}
