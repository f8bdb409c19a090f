using System.Globalization;

namespace Tdv.MLNet.Benchmarks;

/// <summary>Resident memory of this process, as Linux tells it.</summary>
internal static class ProcessMemory
{
    public static double PeakMiB() => MiB("VmHWM");

    public static double NowMiB() => MiB("VmRSS");

    private static double MiB(string entry)
    {
        string line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(entry, StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'])[^2], CultureInfo.InvariantCulture) / 1024.0;
    }
}
