using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Tdv.MLNet.Foundation;

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
        long available = SystemMemory.Available();
        string details = $"{SystemMemory.Size(available)} available";
        return available >= LittleMemory
            ? Finding.Fine(details)
            : Finding.Warning(
                details,
                $"Close other programs; training the Tiny preset wants {SystemMemory.Size(LittleMemory)}."
            );
    }

    public static Finding Disk()
    {
        string folder = Path.GetTempPath();
        const string Remedy =
            "Free some, or set TMPDIR (Windows: TEMP) to a folder with room: frame pairs are cached there.";
        if (TemporaryFault(folder) is { } fault)
        {
            return Finding.Problem($"{TemporaryPlaces.Describe(folder)} is of no use: {fault}", Remedy);
        }

        long free = new DriveInfo(folder).AvailableFreeSpace;
        string details = $"{SystemMemory.Size(free)} free in {folder}";
        return free < NoDisk ? Finding.Problem(details, Remedy)
            : free < LittleDisk ? Finding.Warning(details, Remedy)
            : Finding.Fine(details);
    }

    private static string? TemporaryFault(string folder)
    {
        try
        {
            using var file = TemporaryPlaces.OpenPrivate(folder);
            file.WriteByte(0);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>The package's version where the assembly tells it.</summary>
    public static string Text(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString(3)
        ?? "of unknown version";

    /// <summary>The first line of the system's file that begins so; null where there is no such file.</summary>
    private static string? Line(string file, string start) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))
            : null;
}
