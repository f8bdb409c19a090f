using System.Diagnostics;
using Xunit;

namespace Tdv.MLNet.Packaging;

internal static class Dotnet
{
    /// <summary>Runs the SDK's <c>dotnet</c>, expects success and returns what it wrote.</summary>
    public static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test's own host was started with must not leak into another build.
        foreach (
            string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.Ordinal))
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{error.Result}"
        );
        return output;
    }
}
