using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary><c>run.json</c>: how a training was started.</summary>
/// <param name="path">The file.</param>
internal sealed class RunHistory(string path)
{
    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
    };

    /// <returns>The starts that can be read, the first first, and whether that is all that the file holds; a missing one is whole.</returns>
    public (IReadOnlyList<RunStart> Starts, bool IsWhole) Read()
    {
        if (!File.Exists(path))
        {
            return ([], true);
        }

        try
        {
            var root = JsonNode.Parse(PlainFile.ReadText(path), null, new() { AllowDuplicateProperties = false });
            if ((root as JsonObject)?["starts"] is not JsonArray entries)
            {
                return ([], false);
            }

            RunStart[] starts = [.. entries.Select(entry => Parse(entry)).OfType<RunStart>()];
            return (starts, starts.Length == entries.Count);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return ([], false);
        }
    }

    /// <summary>Keeps a damaged file as <c>.damaged</c>, and says so.</summary>
    public void SetAsideIfDamaged()
    {
        if (!Read().IsWhole)
        {
            Terminal.Warning($"'{path}' is damaged, and kept as '{DamagedFile.SetAside(path)}'.");
        }
    }

    private static RunStart? Parse(JsonNode? start)
    {
        try
        {
            // Elements of lists may be null all the same.
            return
                start.Deserialize<RunStart>(Names) is { } parsed
                && parsed.Command.All(part => part is not null)
                && parsed.Videos.Concat(parsed.Unseen).All(video => video?.Path is not null)
                ? parsed
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
