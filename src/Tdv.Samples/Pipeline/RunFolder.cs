using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Video;
using Tdv.MLNet.Weights;

namespace Tdv.Samples.Pipeline;

/// <summary>What a pretraining leaves behind: its weights, and all that is needed to follow, resume or repeat it.</summary>
internal sealed class RunFolder(string path)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public string Weights => Path.Combine(path, "weights.safetensors");

    /// <summary>The library's: checkpoints and the resolved options.</summary>
    public string Checkpoints => Path.Combine(path, "checkpoints");

    /// <summary>A line of JSON for each step.</summary>
    public string Metrics => Path.Combine(path, "metrics.jsonl");

    /// <summary>The same for TensorBoard.</summary>
    public string Events => Path.Combine(path, "events");

    private string Description => Path.Combine(path, "run.json");

    /// <summary>Notes how the training is started, once for each start.</summary>
    /// <param name="videos">What the user named.</param>
    public void NoteStart(string videos)
    {
        var starts = Starts();
        starts.Add(
            new JsonObject
            {
                ["time"] = DateTimeOffset.Now.ToString("O", CultureInfo.InvariantCulture),
                ["command"] = new JsonArray([
                    .. Environment.GetCommandLineArgs().Select(part => JsonValue.Create(part)),
                ]),
                ["folder"] = Environment.CurrentDirectory,
                ["processors"] = Environment.ProcessorCount,
                ["videos"] = new JsonArray([.. new VideoPaths([videos]).Videos.Select(Describe)]),
            }
        );
        var run = new JsonObject { ["starts"] = starts };
        AtomicFile.Write(Description, stream => JsonSerializer.Serialize(stream, run, Readable));
    }

    private static JsonObject Describe(string video)
    {
        var file = new FileInfo(video);
        return new JsonObject
        {
            ["path"] = Path.GetFullPath(video),
            ["bytes"] = file.Exists ? file.Length : null,
            ["modified"] = file.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture),
        };
    }

    private JsonArray Starts()
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Description))?["starts"]?.DeepClone() as JsonArray ?? [];
        }
        catch (Exception exception) when (exception is FileNotFoundException or JsonException)
        {
            return [];
        }
    }
}
