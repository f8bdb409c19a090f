using System.Text.Json;
using System.Text.Json.Serialization;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Studies;

/// <summary>Keeps what a study has finished, so that it goes on after a stop and does nothing twice.</summary>
/// <param name="path">The study's folder.</param>
/// <param name="settings">All that decides about the figures; results of other settings are refused.</param>
internal sealed class StudyFolder(string path, string settings)
{
    private static readonly JsonSerializerOptions Names = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The figures of a part of the study, by name; computed unless they are there.</summary>
    /// <exception cref="UserException">They are there, but damaged or of other settings.</exception>
    public IReadOnlyDictionary<string, double> Get(string key, Func<Dictionary<string, double>> compute)
    {
        string file = FileOf(key);
        if (!File.Exists(file))
        {
            var finished = new Part(settings, compute());
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, finished, Names));
        }

        var part = Read(file);
        return part.Settings == settings
            ? part.Figures
            : throw new UserException(
                $"'{file}' holds a result of other settings ({part.Settings}; now {settings}). "
                    + "Give the same again, or another folder with --out."
            );
    }

    private static Part Read(string file)
    {
        try
        {
            return
                JsonSerializer.Deserialize<Part>(File.ReadAllText(file), Names)
                    is { Settings: not null, Figures: not null } part
                ? part
                : throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new UserException($"'{file}' is damaged. Delete it, and the study does that part again.", exception);
        }
    }

    private string FileOf(string key) => Path.Combine(path, "parts", $"{key}.json");

    private sealed record Part(string Settings, Dictionary<string, double> Figures);
}
