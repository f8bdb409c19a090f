using System.Globalization;

namespace Tdv.Tool.Reporting;

/// <summary>Draws a curve as SVG: crisp at any size, its colors those of the page.</summary>
internal static class CurveChart
{
    private const double Width = 360;
    private const double Height = 190;
    private const double Left = 50;
    private const double Right = 12;
    private const double Top = 10;
    private const double Bottom = 26;

    /// <summary>More than can be told apart.</summary>
    private const int MostPoints = 400;

    /// <summary>From so many on, a mean is drawn through points that jump.</summary>
    private const int Jumping = 60;

    /// <summary>The part of the curve that the mean reaches back.</summary>
    private const double Reach = 1.0 / 30;

    /// <summary>Values beyond, such as the first step's time, are drawn at the edge.</summary>
    private const double Outliers = 0.01;

    /// <summary>What is larger is damage; ranges of it could not be reckoned with.</summary>
    private const double Largest = 1e100;

    public static Html Draw(Curve curve)
    {
        var points = curve.Points.Where(point => Math.Abs(point.Value) < Largest).ToArray();
        if (points.Length < 2)
        {
            return Html.Of($"<p class=\"missing\">Too few steps for a curve.</p>");
        }

        bool jumps = curve.Jumps && points.Length >= Jumping;
        var mean = jumps ? Mean(points) : points;
        var across = new Scale(points[0].Step, points[^1].Step, Left, Width - Right);
        var up = Vertical(points, mean, curve.Reference);
        string summary = $"{curve.Title}: from {Figure.Text(points[0].Value)} to {Figure.Text(mean[^1].Value)}";
        return Html.Of(
            $"""
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{summary}">
            {up.Ticks(4).Select(tick => Level(tick, up))}
            {across.Ticks(5).Select(tick => Moment(tick, across))}
            {(curve.Reference is { } value ? Line(value, up, "reference") : Html.Nothing)}
            {(jumps ? Path(points, across, up, "raw") : Html.Nothing)}
            {Path(mean, across, up, "mean")}
            </svg>
            """
        );
    }

    private static (double Step, double Value)[] Mean((double Step, double Value)[] points)
    {
        double keep = 1 - (1 / (points.Length * Reach));
        var mean = new (double Step, double Value)[points.Length];
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < points.Length; i++)
        {
            sum = (keep * sum) + points[i].Value;
            weight = (keep * weight) + 1;
            mean[i] = (points[i].Step, sum / weight);
        }

        return mean;
    }

    private static Scale Vertical(
        (double Step, double Value)[] points,
        (double Step, double Value)[] mean,
        double? reference
    )
    {
        double[] values = [.. points.Select(point => point.Value).Order()];
        int outliers = (int)Math.Ceiling(Outliers * values.Length) * (points.Length >= Jumping ? 1 : 0);
        double low = Math.Min(values[outliers], Math.Min(mean[^1].Value, reference ?? double.MaxValue));
        double high = Math.Max(values[^(1 + outliers)], Math.Max(mean[^1].Value, reference ?? double.MinValue));
        // What differs by rounding alone is drawn as flat as it is.
        double size = Math.Max(Math.Max(Math.Abs(low), Math.Abs(high)), 1e-9);
        double margin = high - low > 1e-6 * size ? 0.04 * (high - low) : size / 2;
        return new Scale(low - margin, high + margin, Height - Bottom, Top);
    }

    private static Html Level(double value, Scale up) =>
        Html.Of(
            $"""
            {Line(value, up, "grid")}<text class="level" x="{Left - 6}" y="{up[value] + 4:F1}">{Figure.Text(
                value
            )}</text>
            """
        );

    private static Html Moment(double step, Scale across) =>
        Html.Of($"""<text class="moment" x="{across[step]:F1}" y="{Height - 6}">{Figure.Text(step)}</text>""");

    private static Html Line(double value, Scale up, string kind) =>
        Html.Of($"""<line class="{kind}" x1="{Left}" x2="{Width - Right}" y1="{up[value]:F1}" y2="{up[value]:F1}"/>""");

    private static Html Path((double Step, double Value)[] points, Scale across, Scale up, string kind)
    {
        int distance = Math.Max(1, points.Length / MostPoints);
        var shown = points.Where((_, i) => i % distance == 0 || i == points.Length - 1);
        string places = string.Join(
            ' ',
            shown.Select(point =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{across[point.Step]:F1},{Math.Clamp(up[point.Value], Top, Height - Bottom):F1}"
                )
            )
        );
        return Html.Of($"""<polyline class="{kind}" points="{places}"/>""");
    }
}
