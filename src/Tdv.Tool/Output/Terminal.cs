using Spectre.Console;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Output;

/// <summary>
/// What the commands say: lively on a terminal, plain lines elsewhere. Control codes in it, which names of files may
/// hold, are shown and never sent.
/// </summary>
internal static class Terminal
{
    /// <summary>Whether a person watches, so that lines may be drawn over.</summary>
    public static bool IsInteractive => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>Begins a part of the work.</summary>
    public static void Heading(string text)
    {
        if (IsInteractive)
        {
            AnsiConsole.WriteLine();
            AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(Shown.Lines(text))}[/]").LeftJustified());
        }
        else
        {
            Console.WriteLine($"== {Shown.Lines(text)}");
        }
    }

    public static void Line(string text) => Console.WriteLine(Shown.Lines(text));

    public static void Warning(string text) => Console.Error.WriteLine($"warning: {Shown.Lines(text)}");

    public static void Error(string text) => Console.Error.WriteLine($"error: {Shown.Lines(text)}");
}
