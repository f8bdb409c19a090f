namespace Tdv.MLNet.Torture;

/// <summary>A line of the final table.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Tried">How often.</param>
/// <param name="Lost">How often it went wrong.</param>
internal sealed record Outcome(string Name, long Tried, long Lost)
{
    /// <summary>Where the inputs that went wrong are kept.</summary>
    public static string Folder =>
        Directory
            .CreateDirectory(
                Environment.GetEnvironmentVariable("TDV_TORTURE_OUT") ?? Path.Combine("artifacts", "torture")
            )
            .FullName;

    /// <summary>Prints the line.</summary>
    /// <returns>The exit code.</returns>
    public int Print()
    {
        bool ok = Lost == 0 && Tried > 0;
        Console.WriteLine($"{Name}|{Tried}|{Lost}|{(ok ? "ok" : "FAILED")}");
        return ok ? 0 : 1;
    }

    /// <summary>Keeps an input that went wrong and says where.</summary>
    public static void Keep(string name, byte[] bytes, string why)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        Console.Error.WriteLine($"{path}: {why}");
    }
}
