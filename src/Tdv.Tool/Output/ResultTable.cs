using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Output;

/// <summary>A table of results: shown, and kept in a run's folder for its report.</summary>
/// <param name="Title">What is compared.</param>
/// <param name="Note">What one must know to read it.</param>
/// <param name="Columns">Their names; the first column names the rows.</param>
/// <param name="Rows">A text or a <see cref="double"/> for each column.</param>
internal sealed record ResultTable(
    string Title,
    string Note,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<object>> Rows
)
{
    /// <summary>Results hold "±" and "–", which need no escaping in a file.</summary>
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>tables/NAME.json</c>, whole or not at all.</summary>
    public void Save(string run, string name)
    {
        var root = new JsonObject
        {
            ["title"] = Title,
            ["note"] = Note,
            ["command"] = Invocation.Text,
            ["columns"] = new JsonArray([.. Columns.Select(column => JsonValue.Create(column))]),
            ["rows"] = new JsonArray([.. Rows.Select(row => new JsonArray([.. row.Select(Cell)]))]),
        };
        string folder = Path.Combine(run, "tables");
        Directory.CreateDirectory(folder);
        AtomicFile.Write(
            Path.Combine(folder, $"{name}.json"),
            stream => JsonSerializer.Serialize(stream, root, Readable)
        );
    }

    public void Show()
    {
        Terminal.Heading(Title);
        TextTable.Show([.. Columns], [.. Rows.Select(row => row.Select(Shown).ToArray())], numbers: true);
        Terminal.Line(Note);
    }

    /// <summary>What is not a number has no figure.</summary>
    private static JsonNode Cell(object cell) =>
        cell is not double number ? JsonValue.Create((string)cell)
        : double.IsFinite(number) ? JsonValue.Create(number)
        : JsonValue.Create(Text(number));

    /// <summary>All numbers of a column with as many digits, so that they stand below one another.</summary>
    private string Shown(object cell, int column)
    {
        int digits =
            Rows.Select(row => row[column])
                .OfType<double>()
                .Where(double.IsFinite)
                .Max(number => (int?)Text(number).SkipWhile(c => c != '.').Skip(1).Count())
            ?? 0;
        return cell is not double value ? (string)cell
            : double.IsFinite(value) ? value.ToString($"F{digits}", CultureInfo.InvariantCulture)
            : Text(value);
    }

    private static string Text(double number) =>
        double.IsFinite(number) ? number.ToString("0.###", CultureInfo.InvariantCulture) : "–";
}
