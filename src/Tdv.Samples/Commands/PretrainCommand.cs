using System.CommandLine;
using Tdv.Samples.Output;
using Tdv.Samples.Pipeline;

namespace Tdv.Samples.Commands;

/// <summary><c>tdv pretrain</c>: learns from raw videos and leaves weights.</summary>
internal static class PretrainCommand
{
    private const string FileName = "weights.safetensors";

    public static Command Create()
    {
        var videos = CommonOptions.Required("--videos", "DIR", "Videos to learn from, without labels.");
        var output = CommonOptions.Required("--out", "RUN", $"The folder that {FileName} goes to.");
        var preset = CommonOptions.Preset();
        var steps = CommonOptions.Steps();
        var seed = CommonOptions.Seed();
        var command = new Command("pretrain", "Learns from your videos and leaves weights for 'segment --weights'.")
        {
            videos,
            output,
            preset,
            steps,
            seed,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = new PretrainSettings(
                    parsed.GetValue(videos)!,
                    CommonOptions.PresetOf(parsed.GetValue(preset)!),
                    parsed.GetValue(steps),
                    parsed.GetValue(seed)
                );
                string folder = parsed.GetValue(output)!;
                return Task.Run(() => Run(settings, folder, cancellation), CancellationToken.None);
            }
        );
        return command;
    }

    private static int Run(PretrainSettings settings, string folder, CancellationToken cancellation)
    {
        OutputFolder.Prepare(folder);
        using var model = new Pretrainer(Context.Create(settings.Seed), settings).Run(cancellation);
        string path = Path.Combine(folder, FileName);
        model.Save(path);
        Terminal.Line($"saved {path}");
        return cancellation.IsCancellationRequested
            ? throw new UserException(
                $"The training was stopped before its end; '{path}' holds what was learned so far."
            )
            : CommandLine.Success;
    }
}
