using Spectre.Console;
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
        if (Terminal.IsInteractive)
        {
            ShowTable(header, rows);
        }
        else
        {
            ShowLines([header, .. rows]);
        }

        string[] Row(string name, Func<Figures, double> value) =>
            [name, .. results.Select(result => Percent(value(result.Figures)))];
    }

    private static void ShowTable(string[] header, List<string[]> rows)
    {
        var table = new Table().RoundedBorder();
        foreach (string name in header)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(name)}[/]");
            table.AddColumn(name.Length == 0 ? column : column.RightAligned());
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }

    private static void ShowLines(List<string[]> rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            Terminal.Line(
                string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
            );
        }
    }

    private static string Percent(double value) => double.IsNaN(value) ? "–" : $"{100 * value:F1} %";
}
