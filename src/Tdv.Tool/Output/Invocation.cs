namespace Tdv.Tool.Output;

/// <summary>How this program was called, to be repeated.</summary>
internal static class Invocation
{
    public static string Text =>
        string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Quoted).Prepend("tdv"));

    private static string Quoted(string argument) => argument.Contains(' ') ? $"\"{argument}\"" : argument;
}
