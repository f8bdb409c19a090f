using System.Diagnostics;

namespace Tdv.MLNet.Benchmarks;

/// <summary>Compares two actions in one process, in turn, so that a busy machine slows both alike.</summary>
internal static class Interleaved
{
    private const int WarmUps = 2;

    /// <param name="numerator">Runs first in every other round.</param>
    /// <param name="denominator">The other one.</param>
    /// <param name="rounds">Odd, at least 7.</param>
    /// <returns>The median over the rounds of the numerator's time by the denominator's.</returns>
    public static double TimeRatio(Action numerator, Action denominator, int rounds = 9)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 7);
        for (int i = 0; i < WarmUps; i++)
        {
            numerator();
            denominator();
        }

        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            // Which one follows the other must not matter.
            bool first = round % 2 == 0;
            double one = Time(first ? numerator : denominator);
            double two = Time(first ? denominator : numerator);
            ratios[round] = first ? one / two : two / one;
        }

        Array.Sort(ratios);
        return ratios[rounds / 2];
    }

    /// <summary>Several actions in turn, each against one.</summary>
    /// <param name="actions">Whose times are compared.</param>
    /// <param name="denominator">What each is compared with; it runs once a round.</param>
    /// <returns>For each action the median over the rounds of its time by the denominator's.</returns>
    public static double[] TimeRatios(IReadOnlyList<Action> actions, Action denominator, int rounds = 7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 7);
        var ratios = actions.Select(_ => new double[rounds]).ToArray();
        for (int round = -1; round < rounds; round++)
        {
            double whole = Time(denominator);
            double[] times = [.. actions.Select(Time)];
            for (int i = 0; i < times.Length && round >= 0; i++)
            {
                ratios[i][round] = times[i] / whole;
            }
        }

        return [.. ratios.Select(values => values.Order().ElementAt(rounds / 2))];
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
