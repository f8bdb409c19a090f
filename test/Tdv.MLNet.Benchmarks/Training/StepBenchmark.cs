using Tdv.MLNet.Featurizing;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>Whole optimizer steps, ours against the reference's.</summary>
internal sealed class StepBenchmark : IRatioBenchmark
{
    private const int Rounds = 7;

    public IEnumerable<RatioRow> Run()
    {
        using (var tiny = new StepSetting(TdvPreset.Tiny, pairs: 16))
        {
            var ours = tiny.Ours();
            yield return RatioRow.AtMost(
                "Tiny, 16 pairs, float32: our step / reference step",
                Interleaved.TimeRatio(ours, tiny.Reference(), 15),
                0.60
            );
            yield return RatioRow.Reported(
                "  the same against the reference with float32 precision \"medium\"",
                Interleaved.TimeRatio(ours, tiny.Reference(official: true), 15)
            );
        }

        using var small = new StepSetting(TdvPreset.Small, pairs: 8);
        var (single, half, reference) = (small.Ours(), small.Ours(bfloat16: true), small.Reference());
        yield return RatioRow.AtMost(
            "ViT-S/14, 8 pairs, float32: our step / reference step",
            Interleaved.TimeRatio(single, reference, Rounds),
            0.50
        );
        yield return RatioRow.AtMost(
            "ViT-S/14, 8 pairs: our step in bfloat16 / reference step in float32",
            Interleaved.TimeRatio(half, reference, Rounds),
            0.33
        );
        var official = small.Reference(official: true);
        yield return RatioRow.Reported(
            "  float32 against the reference with float32 precision \"medium\"",
            Interleaved.TimeRatio(single, official, Rounds)
        );
        yield return RatioRow.Reported(
            "  bfloat16 against the reference with float32 precision \"medium\"",
            Interleaved.TimeRatio(half, official, Rounds)
        );
    }
}
