using System.Globalization;

namespace Tdv.Tool.Reporting;

/// <summary>Numbers as people read them: three digits that count.</summary>
internal static class Figure
{
    private const double Small = 1e-3;
    private const double Large = 1e5;

    public static string Text(double value)
    {
        double size = Math.Abs(value);
        if (!double.IsFinite(value))
        {
            return "–";
        }

        if (size > 0 && (size < Small || size >= Large))
        {
            // 5.00E-005 is 5e-5 to people.
            string[] parts = value.ToString("0.##E0", CultureInfo.InvariantCulture).Split('E');
            return $"{parts[0]}e{parts[1]}";
        }

        int decimals =
            size >= 100 ? 0
            : size >= 10 ? 1
            : size >= 1 ? 2
            : 3;
        return value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>A prediction gain.</summary>
    public static string Gain(double value) => double.IsNaN(value) ? MLNet.Training.Gain.NothingMoves : Text(value);

    public static string Text(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : time < TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{time:m\\:ss} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm} h");
}
