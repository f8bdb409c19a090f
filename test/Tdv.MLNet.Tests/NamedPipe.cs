using System.Diagnostics;

namespace Tdv.MLNet.Tests;

/// <summary>A file that a read waits for for ever.</summary>
internal static class NamedPipe
{
    public static string Make(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        return path;
    }
}
