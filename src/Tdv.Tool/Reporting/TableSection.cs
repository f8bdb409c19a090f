using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Reporting;

/// <summary>Tables of results.</summary>
internal static class TableSection
{
    /// <summary>What the names of columns tell of the better end; of others no cell is marked.</summary>
    private static readonly string[] HighIsGood = ["iou", "acc", "gain", "knn", "precision", "recall", "f1"];
    private static readonly string[] LowIsGood = ["mse", "error", "loss"];

    /// <param name="tables">The tables that are shown.</param>
    /// <param name="owners">The models in the folder.</param>
    public static Html Of(IReadOnlyList<ReportTable> tables, ResultOwners owners) =>
        tables.Count == 0
            ? Html.Of(
                $"""
                <p class="missing">There are no tables. <code>tdv segment</code>, <code>tdv probe</code> and
                <code>./build.sh study</code> measure what the features are good for, and leave tables in the run’s folder.</p>
                """
            )
            : Html.Of($"{tables.Select(table => Table(table, owners))}");

    /// <summary>Whose it is, where that does not go without saying.</summary>
    private static string? Of(ReportTable table, ResultOwners owners) =>
        (table.Models.Count, owners.Models.Count) switch
        {
            (0, > 0) => "It does not say which model it is of.",
            (> 0, 0) => $"Of the model {string.Join(", ", table.Models.Select(ModelHash.Short))}.",
            _ => null,
        };

    private static Html Table(ReportTable table, ResultOwners owners)
    {
        var numeric = table.Columns.Select((_, i) => IsNumeric(table, i)).ToArray();
        int[] decimals = [.. table.Columns.Select((_, i) => table.Rows.Max(row => (int?)row[i].Decimals) ?? 0)];
        var best = table.Columns.Select((name, i) => numeric[i] ? Best(table, name, i) : null).ToArray();
        return Html.Of(
            $"""
            <div class="card"><h3>{table.Title}</h3>
            {Paragraph(table.Note)}{Paragraph(Of(table, owners))}
            <div class="wide" tabindex="0" role="region" aria-label="{table.Title}"><table class="data">
            <thead><tr>{table.Columns.Select((name, i) => Header(name, numeric[i]))}</tr></thead>
            <tbody>{table.Rows.Select(row =>
                Row([.. row.Select((cell, i) => cell.With(decimals[i]))], numeric, best)
            )}</tbody>
            </table></div>
            {(string.IsNullOrWhiteSpace(table.Command) ? Html.Nothing : Html.Of($"<pre>{table.Command}</pre>"))}
            </div>
            """
        );
    }

    private static Html Paragraph(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Html.Nothing : Html.Of($"<p>{text}</p>");

    private static Html Header(string name, bool numeric) =>
        Html.Of($"""<th scope="col"{Class(numeric)}>{name}</th>""");

    private static Html Row(IReadOnlyList<TableCell> row, bool[] numeric, double?[] best) =>
        Html.Of(
            $"<tr>{row.Select((cell, i) => i == 0 && !numeric[0]
                ? Html.Of($"""<th scope="row">{cell.Text}</th>""")
                : Html.Of($"<td{Class(numeric[i])}>{Emphasis(cell, best[i])}</td>"))}</tr>"
        );

    private static Html Class(bool numeric) => numeric ? new Html(" class=\"number\"") : Html.Nothing;

    private static Html Emphasis(TableCell cell, double? best) =>
        best is not null && cell.Number == best ? Html.Of($"<strong>{cell.Text}</strong>") : Html.Of($"{cell.Text}");

    private static bool IsNumeric(ReportTable table, int column) =>
        table.Rows.Any(row => row[column].Number is not null)
        && table.Rows.All(row => row[column].Number is not null || row[column].Text is "–" or "");

    /// <summary>The best of at least two that differ.</summary>
    private static double? Best(ReportTable table, string name, int column)
    {
        double[] numbers = [.. table.Rows.Select(row => row[column].Number).OfType<double>()];
        if (numbers.Distinct().Count() < 2)
        {
            return null;
        }

        return Is(HighIsGood) ? numbers.Max()
            : Is(LowIsGood) ? numbers.Min()
            : null;

        bool Is(string[] names) => Array.Exists(names, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
    }
}
