using System.Text.Json;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Reporting;

/// <summary>Results that other commands leave in a run's folder.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <exception cref="UserException">A file is not what it should be.</exception>
    /// <param name="run">The run's folder.</param>
    /// <param name="owners">Which results are shown.</param>
    public static IReadOnlyList<ReportTable> Tables(string run, ResultOwners owners) =>
        Read(
            run,
            "tables",
            table => table.Models,
            owners,
            root =>
            {
                string[] columns = [.. root.GetProperty("columns").EnumerateArray().Select(column => Text(column))];
                TableCell[][] rows =
                [
                    .. root.GetProperty("rows")
                        .EnumerateArray()
                        .Select(row => row.EnumerateArray().Select(TableCell.From).ToArray()),
                ];
                return Array.Exists(rows, row => row.Length != columns.Length)
                    ? throw new JsonException($"A row has not as many cells as there are columns, {columns.Length}.")
                    : new ReportTable(
                        Text(root.GetProperty("title")),
                        Optional(root, "note"),
                        Optional(root, "command"),
                        root.TryGetProperty("models", out var models) && models.ValueKind != JsonValueKind.Null
                            ? [.. models.EnumerateArray().Select(model => Text(model))]
                            : [],
                        columns,
                        rows
                    );
            }
        );

    /// <exception cref="UserException">A file is not what it should be.</exception>
    /// <param name="run">The run's folder.</param>
    /// <param name="owners">Which results are shown.</param>
    public static IReadOnlyList<ReportConfusion> Confusions(string run, ResultOwners owners) =>
        Read(
            run,
            "confusion",
            confusion => confusion.Model is { } model ? [model] : [],
            owners,
            root =>
            {
                var confusion = root.Deserialize<ReportConfusion>(Names);
                return
                    confusion is not { Title: not null, Classes: { } classes, Counts: { } counts }
                    || counts.Count != classes.Count
                    || counts.Any(row => row?.Count != classes.Count || row.Any(count => count < 0))
                    ? throw new JsonException("It needs a title, classes, and as many rows and columns of counts.")
                    : confusion;
            }
        );

    private static List<T> Read<T>(
        string run,
        string kind,
        Func<T, IReadOnlyList<string>> modelsOf,
        ResultOwners owners,
        Func<JsonElement, T> parse
    )
    {
        string folder = Path.Combine(run, kind);
        var found = new List<T>();
        if (!Directory.Exists(folder))
        {
            return found;
        }

        foreach (
            string file in Directory
                .EnumerateFiles(folder, "*.json")
                .OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)
        )
        {
            try
            {
                using var json = JsonDocument.Parse(PlainFile.ReadText(file));
                var result = parse(json.RootElement);
                if (owners.Shows($"{kind}/{Path.GetFileName(file)}", modelsOf(result)))
                {
                    found.Add(result);
                }
            }
            catch (Exception exception)
                when (exception
                        is JsonException
                            or KeyNotFoundException
                            or InvalidOperationException
                            or FormatException
                            or IOException
                )
            {
                throw new UserException(
                    $"'{file}' is not what a report can show: {exception.Message} Remove it, or write it anew.",
                    exception
                );
            }
        }

        return found;
    }

    private static string Text(JsonElement element) =>
        element.GetString() ?? throw new JsonException("A text is null.");

    private static string? Optional(JsonElement root, string name) =>
        root.TryGetProperty(name, out var element) ? element.GetString() : null;
}
