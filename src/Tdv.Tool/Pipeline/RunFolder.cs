using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>What a pretraining leaves behind: its weights, and all that is needed to follow, resume or repeat it.</summary>
internal sealed class RunFolder(string path)
{
    private const int FaultsShown = 10;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
    };

    public string Weights => Path.Combine(path, "weights.safetensors");

    /// <summary>The library's: checkpoints and the resolved options.</summary>
    public string Checkpoints => Path.Combine(path, "checkpoints");

    /// <summary>The resolved options of the training.</summary>
    public string Options => Path.Combine(Checkpoints, "options.json");

    /// <summary>A line of JSON for each step.</summary>
    public string Metrics => Path.Combine(path, "metrics.jsonl");

    /// <summary>The same for TensorBoard.</summary>
    public string Events => Path.Combine(path, "events");

    /// <summary>Whether there is a training to go on with, or what came of one.</summary>
    public bool HasTraining => File.Exists(Weights) || HasCheckpoint;

    private bool HasCheckpoint =>
        Directory.Exists(Checkpoints) && Directory.EnumerateFiles(Checkpoints, "*.safetensors").Any();

    private string Description => Path.Combine(path, "run.json");

    /// <summary>How the training was started, the first start first; what is missing or damaged is left out.</summary>
    public IReadOnlyList<RunStart> Starts()
    {
        try
        {
            var root = JsonNode.Parse(
                PlainFile.ReadText(Description),
                null,
                new() { AllowDuplicateProperties = false }
            );
            var starts = (root as JsonObject)?["starts"] as JsonArray ?? [];
            return [.. starts.Select(start => Parse(start)).OfType<RunStart>()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Notes how the training is started, once for each start.</summary>
    /// <param name="videos">What the user named.</param>
    public void NoteStart(string videos)
    {
        var starts = Starts().Append(RunStart.Now(Find(videos)));
        AtomicFile.Write(Description, stream => JsonSerializer.Serialize(stream, new { starts }, Readable));
    }

    /// <summary>
    /// Looks whether a training that can be gone on with learned from the same videos. They may have been moved; the
    /// library, which compares their pixels, has the last word where more is to be learned.
    /// </summary>
    /// <param name="videos">What the user named.</param>
    /// <exception cref="UserException">It learned from others.</exception>
    public void RequireSame(string videos)
    {
        if (!HasCheckpoint || Starts() is not [.., { Videos: { Count: > 0 } earlier }])
        {
            return;
        }

        string[] before = [.. earlier.Select(video => video.ToString())];
        string[] now = [.. Find(videos).Select(video => video.ToString())];
        string[] differences =
        [
            .. now.Except(before).Select(video => $"- {video} was not among them."),
            .. before.Except(now).Select(video => $"- {video} is missing now."),
        ];
        if (differences.Length > 0)
        {
            throw new UserException(
                $"The training in '{path}' learned from other videos. Name those again, or another folder with --out:\n"
                    + string.Join('\n', differences.Take(FaultsShown))
                    + (differences.Length > FaultsShown ? $"\n- … and {differences.Length - FaultsShown} more." : "")
            );
        }
    }

    /// <summary>Removes what a training has left, and nothing else that is in the folder.</summary>
    public void Clear()
    {
        foreach (string folder in new[] { Checkpoints, Events }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (string file in new[] { Weights, Metrics, Description })
        {
            File.Delete(file);
        }
    }

    private static RunVideo[] Find(string videos) => [.. new VideoPaths([videos]).Videos.Select(RunVideo.Of)];

    private static RunStart? Parse(JsonNode? start)
    {
        try
        {
            // Elements of lists may be null all the same.
            return
                start.Deserialize<RunStart>(Readable) is { } parsed
                && parsed.Command.All(part => part is not null)
                && parsed.Videos.All(video => video?.Path is not null)
                ? parsed
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
