using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Training;

namespace Tdv.Samples.Reporting;

/// <summary>What a run's folder tells of how it was made; what is missing or damaged is left out.</summary>
/// <param name="Description">The resolved options.</param>
/// <param name="Starts">When and how it was started, the first first.</param>
/// <param name="Videos">What it was trained on at the last start, by path.</param>
internal sealed record RunFacts(
    RunDescription? Description,
    IReadOnlyList<(string Time, string Command)> Starts,
    IReadOnlyList<string> Videos
)
{
    public static RunFacts Read(string folder)
    {
        JsonObject[] starts =
        [
            .. (Parse(Path.Combine(folder, "run.json"))?["starts"] as JsonArray ?? []).OfType<JsonObject>(),
        ];
        return new RunFacts(
            ReadDescription(Path.Combine(folder, "checkpoints", "options.json")),
            [.. starts.Select(start => (Text(start["time"]), string.Join(' ', Texts(start["command"]))))],
            [
                .. (starts.LastOrDefault()?["videos"] as JsonArray ?? []).Select(video =>
                    Text((video as JsonObject)?["path"])
                ),
            ]
        );
    }

    private static RunDescription? ReadDescription(string file)
    {
        try
        {
            return Parse(file)?.Deserialize<RunDescription>();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Parse(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file));
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Texts(JsonNode? array) => (array as JsonArray ?? []).Select(Text);

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
