namespace Tdv.MLNet;

/// <summary>A measure over the frames of a video, as DAVIS reports it.</summary>
/// <param name="Mean">Over the frames, 0 to 1.</param>
/// <param name="Recall">The part of the frames above 0.5.</param>
/// <param name="Decay">Mean over the first quarter of the frames minus that over the last.</param>
public sealed record PropagationStatistics(double Mean, double Recall, double Decay)
{
    private const int Quarters = 4;

    /// <summary>Of a value for each frame; at least one.</summary>
    internal static PropagationStatistics Of(IReadOnlyList<double> values)
    {
        int[] ends = [.. Enumerable.Range(0, Quarters + 1).Select(i => End(i, values.Count))];
        return new(
            values.Average(),
            values.Average(value => value > 0.5 ? 1.0 : 0),
            Between(0) - Between(Quarters - 1)
        );

        // Both ends belong to a quarter, as in the toolkit.
        double Between(int quarter) => values.Take(ends[quarter]..(ends[quarter + 1] + 1)).Average();
    }

    internal static PropagationStatistics Average(IReadOnlyCollection<PropagationStatistics> all) =>
        new(all.Average(one => one.Mean), all.Average(one => one.Recall), all.Average(one => one.Decay));

    private static int End(int quarter, int count) =>
        (int)Math.Round(1 + ((count - 1) * (double)quarter / Quarters) + 1e-10, MidpointRounding.ToEven) - 1;
}
