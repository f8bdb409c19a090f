using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Output;

/// <summary>What was taken for what, in a run's folder for its report.</summary>
internal static class ConfusionFile
{
    /// <summary>The matrix' file, in the run's folder.</summary>
    public static string FileOf(string name) => $"confusion/{name}.json";

    /// <summary>Writes <c>confusion/NAME.json</c>, whole or not at all: pixels by true class, then by predicted class.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="name">The matrix'.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="metrics">The counts.</param>
    /// <param name="model">SHA-256 of the file of the model, or weights, that it is of.</param>
    public static void Save(OutputFolder run, string name, string title, MaskMetrics metrics, string model)
    {
        var root = new JsonObject
        {
            ["title"] = title,
            ["model"] = model,
            ["classes"] = new JsonArray([.. metrics.ClassNames.Select(text => JsonValue.Create(text))]),
            ["counts"] = new JsonArray([
                .. metrics.ConfusionMatrix.Select(row => new JsonArray([.. row.Select(n => JsonValue.Create(n))])),
            ]),
        };
        run.Write(FileOf(name), stream => JsonSerializer.Serialize(stream, root), model);
    }
}
