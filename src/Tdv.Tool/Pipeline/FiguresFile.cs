using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Figures as JSON: those of one evaluation, and <c>metrics.json</c> with those of all methods.</summary>
internal static class FiguresFile
{
    private const string ClassesKey = "classIoU";
    private const string ModelKey = "model";
    private const int Digits = 4;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The figures of all methods, in the output folder.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>Writes <see cref="Metrics"/>.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="model">SHA-256 of the model that was trained.</param>
    /// <param name="figures">By method: tdv, untrained, color, and where motion was used withoutMotion.</param>
    /// <param name="elapsed">The time that everything took.</param>
    public static void WriteAll(
        OutputFolder folder,
        string model,
        IReadOnlyList<(string Key, Figures Figures)> figures,
        TimeSpan elapsed
    )
    {
        var root = new JsonObject { [ModelKey] = model };
        foreach (var (key, values) in figures)
        {
            root[key] = Means(values);
        }

        root["seconds"] = (int)Math.Round(elapsed.TotalSeconds);
        Write(folder, Metrics, root, model);
    }

    /// <summary>Writes one evaluation, with each class's figure; null stands for a class that does not occur.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="model">SHA-256 of the model that was evaluated.</param>
    /// <param name="figures">What came out.</param>
    public static void Write(OutputFolder folder, string name, string model, Figures figures)
    {
        var root = Means(figures);
        root[ModelKey] = model;
        root[ClassesKey] = new JsonObject(
            figures.ClassIoU.Select(pair =>
                KeyValuePair.Create(
                    pair.Key,
                    double.IsNaN(pair.Value) ? null : (JsonNode?)Math.Round(pair.Value, Digits)
                )
            )
        );
        Write(folder, name, root, model);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Figures Read(string path)
    {
        try
        {
            var root = JsonNode
                .Parse(PlainFile.ReadText(path), null, new() { AllowDuplicateProperties = false })!
                .AsObject();
            return new Figures(
                (double)root["mIoU"]!,
                (double)root["mAcc"]!,
                (double)root["pixelAcc"]!,
                root[ClassesKey]!.AsObject().ToDictionary(pair => pair.Key, pair => (double?)pair.Value ?? double.NaN)
            );
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or NullReferenceException
                        or InvalidOperationException
                        or FormatException
                        or IOException
            )
        {
            throw new UserException($"'{path}' does not hold the figures of an evaluation.", exception);
        }
    }

    private static void Write(OutputFolder folder, string name, JsonObject root, string model) =>
        folder.Write(name, stream => stream.Write(Encoding.UTF8.GetBytes(root.ToJsonString(Indented) + "\n")), model);

    private static JsonObject Means(Figures figures) =>
        new()
        {
            ["mIoU"] = Math.Round(figures.MeanIoU, Digits),
            ["mAcc"] = Math.Round(figures.MeanAccuracy, Digits),
            ["pixelAcc"] = Math.Round(figures.PixelAccuracy, Digits),
        };
}
