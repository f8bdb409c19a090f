using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.Tool.Pipeline;

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

    /// <summary>The table's file, in the run's folder.</summary>
    public static string FileOf(string name) => $"tables/{name}.json";

    /// <summary>Writes <c>tables/NAME.json</c>, whole or not at all.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="name">The table's.</param>
    /// <param name="models">Models and weights that it compares, by the SHA-256 of their files; null: it is of none.</param>
    public void Save(OutputFolder run, string name, IReadOnlyList<string>? models = null)
    {
        var root = new JsonObject
        {
            ["title"] = Title,
            ["note"] = Note,
            ["command"] = Invocation.Text,
            ["columns"] = new JsonArray([.. Columns.Select(column => JsonValue.Create(column))]),
            ["rows"] = new JsonArray([.. Rows.Select(row => new JsonArray([.. row.Select(Cell)]))]),
        };
        if (models is not null)
        {
            root["models"] = new JsonArray([.. models.Select(hash => JsonValue.Create(hash))]);
        }

        run.Write(
            FileOf(name),
            stream => JsonSerializer.Serialize(stream, root, Readable),
            models is [var one] ? one : null
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
