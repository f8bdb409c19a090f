using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Commands;

/// <summary>The command line as a whole, and what its exit codes mean.</summary>
internal static class CommandLine
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    /// <summary>Runs one command of <c>tdv</c>.</summary>
    /// <returns>
    /// 0: done; 1: failed or stopped, explained in one message; 2: wrong usage. A process that is told to end twice has 130
    /// (Ctrl+C) or 143 (SIGTERM).
    /// </returns>
    public static int Run(string[] arguments) => Run(Create(), "tdv", arguments);

    /// <summary>Runs one command of a program.</summary>
    /// <inheritdoc cref="Run(string[])"/>
    public static int Run(RootCommand commands, string program, string[] arguments)
    {
        // Numbers are written and read the same way everywhere, and messages speak one language.
        var culture = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (
            CultureInfo.InvariantCulture,
            CultureInfo.InvariantCulture
        );
        try
        {
            return RunInvariant(commands, program, arguments);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = culture;
        }
    }

    private static int RunInvariant(RootCommand commands, string program, string[] arguments)
    {
        Decimals.RefuseCommas(commands);
        // '@name' is a name, and '-xy' is not '-x -y'.
        var names = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        var parsed = commands.Parse(arguments, names);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Terminal.Error(error.Message);
            }

            Console.Error.WriteLine($"See: {program}{PathOf(parsed.CommandResult)} --help");
            return WrongUsage;
        }

        using var stopping = new Stopping();
        using var stop = AmbientStop.Use(stopping.Token);
        return stopping.End(Invoke(parsed, stopping.Token));
    }

    private static int Invoke(ParseResult parsed, CancellationToken stop)
    {
        try
        {
            var settings = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // Signals are ours.
                ProcessTerminationTimeout = null,
            };
            return parsed.InvokeAsync(settings, stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Terminal.Error("stopped.");
            return Failure;
        }
#pragma warning disable CA1031 // a failure of any kind is told in one message, without a stack trace
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Terminal.Error(ErrorText.Of(exception));
            return Failure;
        }
    }

    private static RootCommand Create() =>
        new("Learn from raw video and paint masks (Tdv.MLNet).")
        {
            DemoCommand.Create(),
            SegmentCommand.Create(),
            PredictCommand.Create(),
            PropagateCommand.Create(),
            ImportCommand.Create(),
            PretrainCommand.Create(),
            EvaluateCommand.Create(),
            TrackCommand.Create(),
            ShowCommand.Create(),
            FlowCommand.Create(),
            DisparityCommand.Create(),
            ReportCommand.Create(),
            ProbeCommand.Create(),
            WeightsCommand.Create(),
            ExportCommand.Create(),
            DoctorCommand.Create(),
        };

    /// <summary>The verbs up to this one, such as <c> weights inspect</c>.</summary>
    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "";
}
