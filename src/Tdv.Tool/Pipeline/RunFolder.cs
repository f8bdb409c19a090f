using System.Text.Json;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>What a pretraining leaves behind: its weights, and all that is needed to follow, resume or repeat it.</summary>
internal sealed class RunFolder(string path)
{
    public const string WeightsName = "weights.safetensors";
    public const string MetricsName = "metrics.jsonl";
    public const string EventsName = "events";
    private const string DescriptionName = "run.json";
    private const int FaultsShown = 10;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private readonly RunHistory _history = new(Path.Combine(path, DescriptionName));

    /// <summary>The files that a training writes into the folder itself.</summary>
    public static IReadOnlyList<string> Names { get; } = [WeightsName, MetricsName, DescriptionName];

    public string Weights => Path.Combine(path, WeightsName);

    /// <summary>The library's: checkpoints and the resolved options.</summary>
    public string Checkpoints => Path.Combine(path, "checkpoints");

    /// <summary>The resolved options of the training.</summary>
    public string Options => Path.Combine(Checkpoints, "options.json");

    /// <summary>A line of JSON for each step.</summary>
    public string Metrics => Path.Combine(path, MetricsName);

    /// <summary>The same for TensorBoard.</summary>
    public string Events => Path.Combine(path, EventsName);

    /// <summary>Whether there is a training to go on with, or what came of one.</summary>
    public bool HasTraining => File.Exists(Weights) || HasCheckpoint;

    private bool HasCheckpoint =>
        Directory.Exists(Checkpoints) && Directory.EnumerateFiles(Checkpoints, "*.safetensors").Any();

    /// <summary>How the training was started, the first start first; what is missing or damaged is left out.</summary>
    public IReadOnlyList<RunStart> Starts() => _history.Read().Starts;

    /// <summary>Takes as the folder's own what an earlier version, which kept no list, left of a training in it.</summary>
    public void Adopt(OutputFolder folder)
    {
        if (folder.IsNew && _history.Read() is { IsWhole: true, Starts.Count: > 0 })
        {
            var events = Directory.Exists(Events) ? Directory.EnumerateFiles(Events, "events.out.tfevents.*") : [];
            foreach (
                string name in Names
                    .Where(name => File.Exists(folder[name]))
                    .Concat(events.Select(file => $"{EventsName}/{Path.GetFileName(file)}"))
            )
            {
                folder.Claim(name);
            }
        }
    }

    /// <summary>Notes how the training is started, once for each start. A damaged history is kept aside, and told.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="videos">What it learns from, and what it is measured on.</param>
    public void NoteStart(OutputFolder folder, HeldOutVideos videos)
    {
        var starts = _history.Read().Starts.Append(RunStart.Now(Look(videos.Learned), Look(videos.Unseen)));
        _history.SetAsideIfDamaged();
        folder.WriteHistory(DescriptionName, stream => JsonSerializer.Serialize(stream, new { starts }, Readable));
    }

    /// <summary>
    /// Looks whether a training that can be gone on with learned from the same videos, by their content: they may have been
    /// moved. The library, which compares pixels, has the last word, and the only one where the history is missing or damaged.
    /// </summary>
    /// <param name="videos">To learn from.</param>
    /// <exception cref="UserException">It learned from others.</exception>
    public void RequireSame(IReadOnlyList<string> videos)
    {
        if (!HasCheckpoint)
        {
            return;
        }

        var history = _history.Read();
        if (!history.IsWhole || history.Starts is not [.., { Videos: { Count: > 0 } earlier }])
        {
            _history.SetAsideIfDamaged();
            Terminal.Warning(
                $"What the training in '{path}' learned from is not known, as {DescriptionName} is missing or damaged: its frames "
                    + "are compared instead."
            );
            return;
        }

        if (earlier.Any(video => video.Content is null))
        {
            return;
        }

        string[] differences = [.. Differences(earlier, Look(videos))];
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
    public void Clear(OutputFolder folder)
    {
        folder.Remove(file =>
            Names.Contains(file.Name) || file.Name.StartsWith($"{EventsName}/", StringComparison.Ordinal)
        );
        if (Directory.Exists(Checkpoints))
        {
            using var checkpoints = OutputFolder.Open(Checkpoints);
            checkpoints.Remove(_ => true);
        }
    }

    private static IEnumerable<string> Differences(IReadOnlyList<RunVideo> before, IReadOnlyList<RunVideo> now)
    {
        var missing = before.ExceptBy(now.Select(video => video.Content), video => video.Content).ToList();
        foreach (var video in now.ExceptBy(before.Select(video => video.Content), video => video.Content))
        {
            int same = missing.FindIndex(other => other.Name == video.Name);
            if (same >= 0)
            {
                yield return $"- {video} is not what it was, {missing[same]}: its content differs.";
                missing.RemoveAt(same);
            }
            else
            {
                yield return $"- {video} was not among them.";
            }
        }

        foreach (var video in missing)
        {
            yield return $"- {video} is missing now.";
        }
    }

    private static RunVideo[] Look(IEnumerable<string> videos) => [.. videos.Select(RunVideo.Of)];
}
