namespace Tdv.Tool.Reporting;

/// <summary>Confusion matrices, percent of each true class.</summary>
internal static class ConfusionSection
{
    public static Html Of(IReadOnlyList<ReportConfusion> confusions) => Html.Of($"{confusions.Select(Matrix)}");

    private static Html Matrix(ReportConfusion confusion) =>
        Html.Of(
            $"""
            <div class="card"><h3>{confusion.Title}</h3>
            <p>A row is a true class, a column what it was taken for, in percent of the true class’s pixels.</p>
            <div class="wide" tabindex="0" role="region" aria-label="{confusion.Title}"><table class="confusion">
            <thead><tr><th scope="col">true ↓ taken for →</th>{confusion.Classes.Select(Header)}</tr></thead>
            <tbody>{confusion.Counts.Select((row, truth) => Row(confusion.Classes[truth], row, truth))}</tbody>
            </table></div></div>
            """
        );

    private static Html Header(string name) => Html.Of($"""<th scope="col" class="upright"><span>{name}</span></th>""");

    private static Html Row(string name, IReadOnlyList<long> counts, int truth)
    {
        double all = counts.Sum(count => (double)count);
        return Html.Of(
            $"""<tr><th scope="row">{name}</th>{counts.Select((count, i) => Cell(all > 0 ? count / all : 0, count, i == truth))}</tr>"""
        );
    }

    private static Html Cell(double share, long count, bool right) =>
        Html.Of(
            $"""<td class="{(right ? "right" : "wrong")}" style="--share:{share:F3}" title="{count:N0} pixels">{100 * share:F0}</td>"""
        );
}
