using System.Globalization;

namespace Tdv.MLNet.Foundation;

/// <summary>The memory of the machine, as far as this process may have it.</summary>
internal static class SystemMemory
{
    private const double Gibibyte = 1 << 30;

    /// <summary>What containers and the system leave: the lesser of both, in bytes.</summary>
    public static long Available()
    {
        var info = GC.GetGCMemoryInfo();
        long limit = Math.Max(0, info.TotalAvailableMemoryBytes - Environment.WorkingSet);
        const string Table = "/proc/meminfo";
        string? line = File.Exists(Table)
            ? File.ReadLines(Table).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
            : null;
        return line is null
            ? limit
            : Math.Min(
                limit,
                1024
                    * long.Parse(
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                        CultureInfo.InvariantCulture
                    )
            );
    }

    /// <summary>Such as <c>1.5 GiB</c>.</summary>
    public static string Size(double bytes) => FormattableString.Invariant($"{bytes / Gibibyte:0.0} GiB");
}
