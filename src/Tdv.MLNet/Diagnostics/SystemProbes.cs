using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace Tdv.MLNet.Diagnostics;

/// <summary>Runtime, ML.NET, processor, memory and disk.</summary>
internal static class SystemProbes
{
    private const long Gigabyte = 1 << 30;

    /// <summary>Below, a training of the smallest preset may be ended by the system.</summary>
    private const long LittleMemory = 2 * Gigabyte;
    private const long LittleDisk = 2 * Gigabyte;
    private const long NoDisk = Gigabyte / 4;
    private static readonly Version OldestMachineLearning = new(5, 0);

    public static Finding Runtime() =>
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            ? Finding.Fine(
                $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}"
            )
            : Finding.Problem(
                $"{RuntimeInformation.FrameworkDescription} runs as {RuntimeInformation.ProcessArchitecture}",
                "Run the application as a 64-bit process: libtorch exists for x64 and arm64 only."
            );

    public static Finding MachineLearning()
    {
        var assembly = typeof(MLContext).Assembly;
        string text = Text(assembly);
        return !System.Version.TryParse(text.Split('-')[0], out var version) || version >= OldestMachineLearning
            ? Finding.Fine(text)
            : Finding.Problem(text, "Reference Microsoft.ML 5.0.1 or a later 5.x.");
    }

    public static Finding Processor()
    {
        string cores = $"{Environment.ProcessorCount} cores";
        const string CpuInfo = "/proc/cpuinfo";
        if (!File.Exists(CpuInfo) || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return Finding.Fine(cores);
        }

        string[] has = Line(CpuInfo, "flags")?.Split(' ') ?? [];
        string bf16 = has.Contains("avx512_bf16") ? "AVX512-BF16" : "no AVX512-BF16";
        return has.Contains("avx2")
            ? Finding.Fine($"{cores}, AVX2, {bf16}")
            : Finding.Warning(
                $"{cores}, no AVX2, {bf16}",
                "Expect libtorch to be several times slower; use a processor or a virtual machine type with AVX2."
            );
    }

    public static Finding Memory()
    {
        long available = AvailableMemory();
        string details = $"{Size(available)} available";
        return available >= LittleMemory
            ? Finding.Fine(details)
            : Finding.Warning(details, $"Close other programs; training the Tiny preset wants {Size(LittleMemory)}.");
    }

    public static Finding Disk()
    {
        string folder = Path.GetTempPath();
        long free = new DriveInfo(folder).AvailableFreeSpace;
        string details = $"{Size(free)} free in {folder}";
        const string Remedy =
            "Free some, or set TMPDIR (Windows: TEMP) to a folder with room: frame pairs are cached there.";
        return free < NoDisk ? Finding.Problem(details, Remedy)
            : free < LittleDisk ? Finding.Warning(details, Remedy)
            : Finding.Fine(details);
    }

    /// <summary>The package's version where the assembly tells it.</summary>
    public static string Text(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString(3)
        ?? "of unknown version";

    /// <summary>What containers and the system leave: the lesser of both.</summary>
    private static long AvailableMemory()
    {
        var info = GC.GetGCMemoryInfo();
        long limit = Math.Max(0, info.TotalAvailableMemoryBytes - Environment.WorkingSet);
        if (Line("/proc/meminfo", "MemAvailable:") is not { } line)
        {
            return limit;
        }

        string kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return Math.Min(limit, 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture));
    }

    /// <summary>The first line of the system's file that begins so; null where there is no such file.</summary>
    private static string? Line(string file, string start) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))
            : null;

    private static string Size(long bytes) => FormattableString.Invariant($"{bytes / (double)Gigabyte:0.0} GiB");
}
