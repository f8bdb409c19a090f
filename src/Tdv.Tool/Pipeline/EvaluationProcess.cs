using System.Diagnostics;
using System.Reflection;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Evaluates a saved model in a process of its own, which knows nothing but the files.</summary>
internal static class EvaluationProcess
{
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    /// <exception cref="UserException">The other process failed; the message is its own.</exception>
    public static Figures Run(
        SegmentSettings settings,
        string model,
        OutputFolder folder,
        CancellationToken cancellation
    )
    {
        string[] arguments =
        [
            "evaluate",
            "--model",
            model,
            "--test",
            settings.Test,
            "--classes",
            settings.Classes,
            "--out",
            settings.Out,
        ];
        var start = StartInfo(arguments);
        folder.Lend(start);
        using var process = Process.Start(start) ?? throw new UserException("A new process could not be started.");
        using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Terminal.Line(line);
        }

        process.WaitForExit();
        folder.Refresh();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? FiguresFile.Read(Path.Combine(settings.Out, Evaluation.FileName))
            : throw new UserException(
                $"The process that evaluates '{model}' ended with exit code {process.ExitCode}: {errors.Result.Trim()}"
            );
    }

    /// <summary>This program itself; where it runs inside a host (a tool, a test) that host is not its own.</summary>
    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var assembly = Assembly.GetExecutingAssembly();
        string own = assembly.GetName().Name!;
        string? running = Environment.ProcessPath;
        bool isOwn = Path.GetFileNameWithoutExtension(running) == own || Path.GetFileName(running) == own;
        return new ProcessStartInfo(
            isOwn ? running! : "dotnet",
            isOwn ? arguments : ["exec", Path.Combine(AppContext.BaseDirectory, $"{own}.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
