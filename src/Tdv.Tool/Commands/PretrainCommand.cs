using System.CommandLine;
using Tdv.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv pretrain</c>: learns from raw videos and leaves weights.</summary>
internal static class PretrainCommand
{
    public static Command Create()
    {
        var videos = CommonOptions.Required("--videos", "DIR", "Videos to learn from, without labels.");
        var output = CommonOptions.Required(
            "--out",
            "RUN",
            "The folder of the run: weights, checkpoints, metrics. A run that was stopped goes on from there."
        );
        var preset = CommonOptions.Preset();
        var steps = CommonOptions.Steps();
        var epochs = new Option<double?>("--epochs")
        {
            HelpName = "N",
            Description = "Passes over the videos, instead of --steps.",
        };
        var size = CommonOptions.Size();
        var regularization = CommonOptions.Regularization();
        var seed = CommonOptions.Seed();
        var precision = CommonOptions.Precision();
        var unseen = CommonOptions.Text(
            "--unseen",
            "DIR",
            "Videos that teach nothing and show how well it goes; 'none' learns from all. Default: of "
                + $"{HeldOutVideos.Enough} videos or more a few, at most {HeldOutVideos.Most}."
        );
        var patience = CommonOptions.AtLeastOne(
            "--patience",
            "N",
            "Ends early: after N looks at the unseen videos, 20 in a training, without a better one. Default: never."
        );
        var every = CommonOptions.AtLeastOne(
            "--checkpoint-every",
            "STEPS",
            "Steps from one checkpoint to the next. Default: 10 minutes."
        );
        var command = new Command("pretrain", "Learns from your videos and leaves weights for 'segment --weights'.")
        {
            videos,
            output,
            preset,
            steps,
            epochs,
            size,
            regularization,
            seed,
            precision,
            unseen,
            patience,
            every,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        using var folder = OutputFolder.Open(parsed.GetValue(output)!);
                        var settings = new PretrainSettings(
                            parsed.GetValue(videos)!,
                            CommonOptions.PresetOf(parsed.GetValue(preset)!),
                            parsed.GetValue(steps),
                            parsed.GetValue(seed),
                            folder,
                            parsed.GetValue(every),
                            Enum.Parse<TdvPrecision>(parsed.GetValue(precision)!, ignoreCase: true),
                            parsed.GetValue(size),
                            parsed.GetValue(epochs),
                            parsed.GetValue(regularization),
                            parsed.GetValue(unseen),
                            parsed.GetValue(patience)
                        );
                        return Run(settings, cancellation);
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int Run(PretrainSettings settings, CancellationToken cancellation)
    {
        using var model = new Pretrainer(Context.Create(settings.Seed), settings).Run(cancellation);
        var run = settings.Run;
        Terminal.Line(
            $"steps: {run.Metrics}; for TensorBoard: {run.Events}; checkpoints and options: {run.Checkpoints}"
        );
        return CommandLine.Success;
    }
}
