using System.Globalization;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>Peak resident memory of a process that does some steps and nothing else.</summary>
internal sealed class StepMemoryBenchmark : IRatioBenchmark
{
    public const string Verb = "step-memory-of";
    private const int Steps = 6;

    public IEnumerable<RatioRow> Run()
    {
        double reference = Peak("reference");
        yield return Row("float32", Peak("float32"), reference, 0.35);
        yield return Row("bfloat16", Peak("bfloat16"), reference, null);
    }

    /// <summary>The child process: does the steps and prints its peak memory in MiB.</summary>
    public static int Measure(string kind)
    {
        using var setting = new StepSetting(TdvPreset.Small, pairs: 8);
        var step = kind == "reference" ? setting.Reference() : setting.Ours(bfloat16: kind == "bfloat16");
        for (int i = 0; i < Steps; i++)
        {
            step();
        }

        Console.WriteLine(ProcessMemory.PeakMiB());
        return 0;
    }

    private static RatioRow Row(string kind, double ours, double reference, double? bar)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"ViT-S/14, 8 pairs: peak memory in {kind} / reference ({ours:F0} / {reference:F0} MiB)"
        );
        return bar is { } most
            ? RatioRow.AtMost(name, ours / reference, most)
            : RatioRow.Reported("  " + name, ours / reference);
    }

    private static double Peak(string kind) => double.Parse(ChildProcess.Run(Verb, kind), CultureInfo.InvariantCulture);
}
