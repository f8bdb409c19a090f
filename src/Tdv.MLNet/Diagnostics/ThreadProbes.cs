using System.Globalization;
using System.Runtime.InteropServices;

namespace Tdv.MLNet.Diagnostics;

/// <summary>The settings of OpenMP, as native code sees them.</summary>
internal static partial class ThreadProbes
{
    public static Finding Threads()
    {
        int cores = Environment.ProcessorCount;
        return OperatingSystem.IsLinux()
            ? Judge(Native("OMP_NUM_THREADS"), Native("OMP_WAIT_POLICY"), Native("GOMP_SPINCOUNT"), cores)
            : Finding.Fine($"{cores} cores");
    }

    internal static Finding Judge(string? count, string? policy, string? spin, int cores)
    {
        string details =
            $"OMP_NUM_THREADS {count ?? "not set"}, OMP_WAIT_POLICY {policy ?? "not set"}, GOMP_SPINCOUNT {spin ?? "not set"}";
        if (int.TryParse(count, CultureInfo.InvariantCulture, out int threads) && threads > cores)
        {
            return Finding.Warning(details, $"There are {cores} cores: set OMP_NUM_THREADS to {cores} or unset it.");
        }

        bool spins = "active".Equals(policy, StringComparison.OrdinalIgnoreCase) || (policy is null && spin is null);
        return spins
            ? Finding.Warning(
                details,
                "Idle threads spin, which is several times slower on shared cores: set OMP_WAIT_POLICY=passive or GOMP_SPINCOUNT=1000 before the start."
            )
            : Finding.Fine(details);
    }

    /// <summary>.NET keeps a copy of the environment of its own, which lacks what libc was told since.</summary>
    private static string? Native(string name) => Marshal.PtrToStringUTF8(GetEnvironment(name));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr GetEnvironment(string name);
}
