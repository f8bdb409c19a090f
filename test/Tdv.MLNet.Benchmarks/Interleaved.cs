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

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
