using Tdv.MLNet;
using Tdv.MLNet.Training;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Reporting;

/// <summary>How the training went.</summary>
internal static class CurveSection
{
    /// <param name="steps">All steps of the run, in order.</param>
    public static Html Of(IReadOnlyList<StepReport> steps) =>
        steps.Count == 0
            ? Html.Of(
                $"""<p class="missing">There are no steps yet: <code>tdv pretrain</code> and <code>tdv segment --videos</code> write them.</p>"""
            )
            : Html.Of($"""<div class="charts">{Curves(steps).Select(Card)}</div>""");

    private static Html Card(Curve curve) =>
        Html.Of(
            $"""
            <figure class="card chart"><h3>{curve.Title}</h3>
            {CurveChart.Draw(curve)}
            <figcaption>{curve.Meaning}</figcaption></figure>
            """
        );

    private static IEnumerable<Curve> Curves(IReadOnlyList<StepReport> steps)
    {
        yield return Each(
            "Loss",
            "1.5 × MSE + 0.75 × CLS + 0.75 × patches, and the regularization; it should fall.",
            step => step.Loss
        );
        yield return Each(
            "Prediction gain",
            "How much better the prediction is than “nothing moves” (the line at 0); 1 is perfect.",
            step => step.PredictionGain,
            reference: 0
        );
        if (UnseenProgress.Of(steps) is { } unseen)
        {
            yield return new Curve(
                "Known of unseen frames",
                "Bits of the next frame that are predicted, for each patch, on videos that teach nothing; the line is the "
                    + "untrained network.",
                [.. unseen.Measured.Select(step => ((double)step.Step, UnseenProgress.Bits(step)))],
                unseen.Untrained,
                Jumps: false
            );
        }

        var untrained = steps[^1].Health.Untrained;
        yield return Health(
            "Effective rank",
            untrained is null
                ? "Dimensions that the features make use of; near 1 they have collapsed."
                : "Dimensions that the features make use of; the line is the untrained network at the end.",
            health => health.EffectiveRank,
            untrained?.EffectiveRank
        );
        if (untrained is not null)
        {
            yield return Health(
                "Effective rank within a frame",
                "What tells places of a picture apart; the line is the untrained network at the end.",
                health => health.Spread?.FrameRank ?? double.NaN,
                untrained.FrameRank
            );
            yield return Health(
                "Effective rank between pairs of frames",
                $"What tells scenes apart, at most {CollapseMonitor.Pairs - 1}; the line is the untrained network at the end.",
                health => health.Spread?.VideoRank ?? double.NaN,
                untrained.VideoRank
            );
        }

        yield return Health(
            "Deviation of features",
            "1: they point everywhere; 0: all are the same.",
            health => health.Deviation
        );
        yield return Health(
            "Teacher’s entropy",
            "0: it knows one prototype only; 1: it tells none apart.",
            health => health.TeacherEntropy
        );
        yield return Each("Learning rate", "Of the frame encoder.", step => step.LearningRate) with
        {
            Jumps = false,
        };
        yield return new Curve(
            "Time of a step",
            "Milliseconds, with the waiting for frames.",
            [
                .. steps
                    .Zip(steps.Skip(1))
                    .Select(pair =>
                        ((double)pair.Second.Step, (pair.Second.Elapsed - pair.First.Elapsed).TotalMilliseconds)
                    ),
            ]
        );
        yield return Each("Gradient norm", "Before clipping.", step => step.GradientNorm);

        Curve Each(string title, string meaning, Func<StepReport, double> value, double? reference = null) =>
            new(title, meaning, [.. steps.Select(step => ((double)step.Step, value(step)))], reference);

        Curve Health(string title, string meaning, Func<FeatureHealth, double> value, double? reference = null) =>
            new(
                title,
                meaning,
                [
                    .. steps
                        .Select(step => step.Health)
                        .DistinctBy(health => health.Step)
                        .OrderBy(health => health.Step)
                        .Select(health => ((double)health.Step, value(health))),
                ],
                reference
            );
    }
}
