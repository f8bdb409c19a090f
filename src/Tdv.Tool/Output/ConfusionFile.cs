using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Output;

/// <summary>What was taken for what, in a run's folder for its report.</summary>
internal static class ConfusionFile
{
    /// <summary>Writes <c>confusion/NAME.json</c>, whole or not at all: pixels by true class, then by predicted class.</summary>
    public static void Save(string run, string name, string title, MaskMetrics metrics)
    {
        var root = new JsonObject
        {
            ["title"] = title,
            ["classes"] = new JsonArray([.. metrics.ClassNames.Select(text => JsonValue.Create(text))]),
            ["counts"] = new JsonArray([
                .. metrics.ConfusionMatrix.Select(row => new JsonArray([.. row.Select(n => JsonValue.Create(n))])),
            ]),
        };
        string folder = Path.Combine(run, "confusion");
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, $"{name}.json"), stream => JsonSerializer.Serialize(stream, root));
    }
}
