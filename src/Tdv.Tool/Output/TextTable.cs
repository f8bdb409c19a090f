using Spectre.Console;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Output;

/// <summary>A table: with a border on a terminal, aligned lines elsewhere.</summary>
internal static class TextTable
{
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">As many cells each.</param>
    /// <param name="numbers">Whether all columns but the first hold numbers, which go to the right.</param>
    public static void Show(string[] header, List<string[]> rows, bool numbers)
    {
        if (Terminal.IsInteractive)
        {
            ShowTable(header, rows, numbers);
        }
        else
        {
            ShowLines([header, .. rows], numbers);
        }
    }

    private static void ShowTable(string[] header, List<string[]> rows, bool numbers)
    {
        var table = new Table().RoundedBorder();
        for (int i = 0; i < header.Length; i++)
        {
            var column = new TableColumn($"[bold]{Markup.Escape(header[i])}[/]");
            table.AddColumn(i > 0 && numbers ? column.RightAligned() : column);
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(cell => Markup.Escape(Shown.Lines(cell)))]);
        }

        AnsiConsole.Write(table);
    }

    private static void ShowLines(List<string[]> rows, bool numbers)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, i) => i > 0 && numbers ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            Terminal.Line(string.Join("  ", cells).TrimEnd());
        }
    }
}
