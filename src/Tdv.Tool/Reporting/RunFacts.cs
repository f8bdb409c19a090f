using System.Text.Json;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Pretraining;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Reporting;

/// <summary>What a run's folder tells of how it was made; what is missing or damaged is left out.</summary>
/// <param name="Description">The resolved options.</param>
/// <param name="Starts">When and how it was started, the first first.</param>
internal sealed record RunFacts(RunDescription? Description, IReadOnlyList<RunStart> Starts)
{
    /// <summary>What it was trained on at the last start, by path.</summary>
    public IReadOnlyList<string> Videos => Starts is [.., var last] ? [.. last.Videos.Select(video => video.Path)] : [];

    /// <summary>What it was measured on and did not learn from.</summary>
    public IReadOnlyList<string> Unseen => Starts is [.., var last] ? [.. last.Unseen.Select(video => video.Path)] : [];

    public static RunFacts Read(RunFolder run) => new(ReadDescription(run.Options), run.Starts());

    private static RunDescription? ReadDescription(string file)
    {
        try
        {
            var description = JsonSerializer.Deserialize<RunDescription>(PlainFile.ReadText(file));
            return description is { IsPossible: true } ? description : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
