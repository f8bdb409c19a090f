namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>
/// Whole optimizer steps, ours against the reference's. The reference runs with libtorch as it starts; what it takes with
/// the float32 precision that the official launch script sets is reported beside it.
/// </summary>
internal sealed class StepBenchmark : IRatioBenchmark
{
    public IEnumerable<RatioRow> Run() =>
        Rows(TdvPreset.Tiny, "Tiny, 16 pairs", rounds: 15, bar: 0.60, mixedBar: null)
            .Concat(Rows(TdvPreset.Small, "ViT-S/14, 8 pairs", rounds: 7, bar: 0.50, mixedBar: 0.33));

    private static IEnumerable<RatioRow> Rows(TdvPreset preset, string name, int rounds, double bar, double? mixedBar)
    {
        using var setting = new StepSetting(preset, preset == TdvPreset.Tiny ? 16 : 8);
        double[] ratios = Interleaved.TimeRatios(
            [setting.Ours(), setting.Ours(bfloat16: true), setting.Reference(official: true)],
            setting.Reference(),
            rounds
        );
        yield return RatioRow.AtMost($"{name}, float32: our step / reference step", ratios[0], bar);
        string mixed = $"{name}, bfloat16: our step / reference step in float32";
        yield return mixedBar is { } most
            ? RatioRow.AtMost(mixed, ratios[1], most)
            : RatioRow.Reported(mixed, ratios[1]);
        yield return RatioRow.Reported(
            $"{name}, float32: reference step with precision \"medium\" / as libtorch starts",
            ratios[2]
        );
    }
}
