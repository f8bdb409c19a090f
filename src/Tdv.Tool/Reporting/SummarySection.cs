using Tdv.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Training;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Reporting;

/// <summary>Whether it learned, in a glance.</summary>
internal static class SummarySection
{
    /// <summary>The part of the steps, the last, that figures which jump are averaged over.</summary>
    private const double Last = 0.1;

    public static Html Of(IReadOnlyList<StepReport> steps)
    {
        if (steps.Count == 0)
        {
            return Html.Nothing;
        }

        var end = steps[^1];
        var last = steps.TakeLast(Math.Max(1, (int)(Last * steps.Count))).ToArray();
        double gain = Gain.Mean(last.Select(step => step.PredictionGain));
        var unseen = UnseenProgress.Of(steps);
        double pace = end.Elapsed.TotalSeconds / end.Step;
        return Html.Of(
            $"""
            <div class="tiles">
            {Tile("Steps", $"{end.Step:N0}", $"of {end.Steps:N0}; pass {end.Pass + 1:N0} over the data")}
            {Tile("Time", Figure.Text(end.Elapsed), $"{Figure.Text(1000 * pace)} ms a step")}
            {Tile("Loss", Figure.Text(last.Average(step => step.Loss)), $"from {Figure.Text(steps[0].Loss)}")}
            {Tile("Prediction gain", Figure.Gain(gain), "0: no better than “nothing moves”")}
            {(unseen is null
                ? Html.Nothing
                : Tile("Known of unseen frames", Figure.Text(UnseenProgress.Bits(unseen.Best)), $"bits a patch; untrained: {Figure.Text(unseen.Untrained)}"))}
            {Tile("Effective rank", Figure.Text(end.Health.EffectiveRank), RankNote(end.Health))}
            {Tile("Deviation", Figure.Text(end.Health.Deviation), "0: all the same")}
            </div>
            <ul class="checks">{Proofs(unseen).Concat(Checks(end.Health, gain)).Select(Check)}</ul>
            """
        );
    }

    /// <summary>What videos say that nothing was learned from.</summary>
    private static IEnumerable<(bool Holds, string Good, string Bad)> Proofs(UnseenProgress? unseen)
    {
        if (unseen is null)
        {
            yield break;
        }

        var (best, half) = (unseen.Best, unseen.HalfWay);
        string bits = Figure.Text(UnseenProgress.Bits(best));
        string untrained = Figure.Text(unseen.Untrained);
        yield return (
            unseen.IsProof,
            $"Of the next frame of videos that it never learned from, it knows {bits} bits a patch; an untrained network knows {untrained}.",
            $"Of the next frame of videos that it never learned from, it knows {bits} bits a patch, no more than {(unseen.Untrained > 0 ? $"an untrained network, {untrained}" : "nothing")}. "
                + "Train longer, on more varied videos."
        );
        if (half.Step < unseen.Last.Step)
        {
            string then = $"{Figure.Text(UnseenProgress.Bits(half))} bits after {Figure.Text(half.Elapsed)}";
            yield return (
                best.Step > half.Step,
                $"It went on learning in the second half: {then}, {bits} after {Figure.Text(best.Elapsed)}.",
                $"The second half taught nothing more: {bits} bits after {Figure.Text(best.Elapsed)}, no more later. More varied videos help rather than more steps."
            );
        }
    }

    private static IEnumerable<(bool Holds, string Good, string Bad)> Checks(FeatureHealth health, double gain)
    {
        yield return (
            gain > 0,
            "It predicts the next frame better than “nothing moves” does.",
            "It does not predict the next frame better than “nothing moves” does. Look whether the videos move, and train longer."
        );
        if (HealthAdvice.HasCollapsed(health))
        {
            yield return (
                false,
                "",
                "The features have collapsed: all patches get nearly the same. Begin anew with a lower peak learning rate."
            );
        }
        else if (health is { Spread: not null, Untrained: not null })
        {
            var lost = HealthAdvice.LostRanks(health);
            yield return (
                lost.Count == 0,
                "The features use as many dimensions as the untrained network’s, or at least three quarters of them.",
                "The features use less than three quarters of the dimensions that the untrained network’s did: effective rank "
                    + $"{string.Join("; ", lost)}. They keep less apart than without a training. Begin anew with TdvOptions.Regularization."
            );
        }

        yield return (
            health.TeacherEntropy is >= HealthAdvice.LowestEntropy and <= HealthAdvice.HighestEntropy,
            "The teacher tells prototypes apart, and uses more than one.",
            "The teacher tells no prototypes apart, or knows one only: it teaches little."
        );
    }

    private static string RankNote(FeatureHealth health) =>
        health.Untrained is { } untrained ? $"untrained: {Figure.Text(untrained.EffectiveRank)}" : "1: collapsed";

    private static Html Check((bool Holds, string Good, string Bad) check) =>
        check.Holds
            ? Html.Of($"""<li class="good"><b aria-hidden="true">✓</b><span>{check.Good}</span></li>""")
            : Html.Of($"""<li class="bad"><b>!</b><span>{check.Bad}</span></li>""");

    private static Html Tile(string name, string value, string note) =>
        Html.Of(
            $"""<div class="card tile"><span class="name">{name}</span><span class="value">{value}</span><span class="note">{note}</span></div>"""
        );
}
