using System.Globalization;

namespace Tdv.Tool.Probing;

/// <summary>A figure over several seeds.</summary>
internal static class Spread
{
    /// <summary>The mean, and for several values ± their standard deviation (of a sample); a number if there is one only.</summary>
    /// <param name="values">One for each seed.</param>
    /// <param name="digits">Behind the point.</param>
    /// <returns>A text or a <see cref="double"/>.</returns>
    public static object Of(IReadOnlyCollection<double> values, int digits)
    {
        double mean = values.Average();
        if (values.Count == 1 || !double.IsFinite(mean))
        {
            return double.IsFinite(mean) ? Math.Round(mean, digits) : "–";
        }

        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        string format = $"F{digits}";
        return $"{mean.ToString(format, CultureInfo.InvariantCulture)} ± "
            + deviation.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The same of parts of 1, as percent with one digit.</summary>
    public static object Percent(IEnumerable<double> values) => Of([.. values.Select(value => 100 * value)], 1);
}
