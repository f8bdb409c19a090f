using Tdv.Samples.Pipeline;

namespace Tdv.Samples.Output;

/// <summary>The figures of all methods side by side.</summary>
internal static class FigureTable
{
    /// <param name="results">The methods, each with a name to show.</param>
    public static void Show(IReadOnlyList<(string Name, Figures Figures)> results)
    {
        string[] header = ["", .. results.Select(result => result.Name)];
        var rows = new List<string[]>
        {
            Row("mIoU", figures => figures.MeanIoU),
            Row("mean accuracy", figures => figures.MeanAccuracy),
            Row("pixel accuracy", figures => figures.PixelAccuracy),
        };
        rows.AddRange(
            results[0].Figures.ClassIoU.Keys.Select(name => Row($"IoU {name}", figures => figures.ClassIoU[name]))
        );
        TextTable.Show(header, rows, numbers: true);

        string[] Row(string name, Func<Figures, double> value) =>
            [name, .. results.Select(result => Percent(value(result.Figures)))];
    }

    private static string Percent(double value) => double.IsNaN(value) ? "–" : $"{100 * value:F1} %";
}
