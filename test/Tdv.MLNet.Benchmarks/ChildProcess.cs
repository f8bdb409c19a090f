using System.Diagnostics;

namespace Tdv.MLNet.Benchmarks;

/// <summary>Runs this program again with other arguments, for figures that need a process of their own.</summary>
internal static class ChildProcess
{
    /// <returns>The last line that it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Trim().Split('\n')[^1]
            : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' failed ({process.ExitCode}).");
    }
}
