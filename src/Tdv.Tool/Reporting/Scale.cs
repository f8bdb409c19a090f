namespace Tdv.Tool.Reporting;

/// <summary>From values to places on a page.</summary>
/// <param name="Low">The lowest value.</param>
/// <param name="High">The highest, above the lowest.</param>
/// <param name="Start">The place of the lowest.</param>
/// <param name="End">The place of the highest.</param>
internal sealed record Scale(double Low, double High, double Start, double End)
{
    public double this[double value] => Start + ((value - Low) / (High - Low) * (End - Start));

    /// <summary>Round values within the range.</summary>
    /// <param name="most">How many at most, roughly.</param>
    public IEnumerable<double> Ticks(int most)
    {
        double rough = (High - Low) / most;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = magnitude * new[] { 1.0, 2, 2.5, 5, 10 }.First(factor => factor * magnitude >= rough);
        double first = Math.Ceiling(Low / step);
        for (int i = 0; i <= most && (first + i) * step <= High; i++)
        {
            // Without the sign of a zero.
            yield return Math.Round((first + i) * step, 12) + 0.0;
        }
    }
}
