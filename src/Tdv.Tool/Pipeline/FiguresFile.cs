using System.Text.Json;
using System.Text.Json.Nodes;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Figures as JSON: those of one evaluation, and <c>metrics.json</c> with those of all methods.</summary>
internal static class FiguresFile
{
    private const string ClassesKey = "classIoU";
    private const int Digits = 4;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes <c>metrics.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="figures">By method: tdv, untrained, color, and where motion was used withoutMotion.</param>
    /// <param name="elapsed">The time that everything took.</param>
    public static void WriteAll(string path, IReadOnlyList<(string Key, Figures Figures)> figures, TimeSpan elapsed)
    {
        var root = new JsonObject();
        foreach (var (key, values) in figures)
        {
            root[key] = Means(values);
        }

        root["seconds"] = (int)Math.Round(elapsed.TotalSeconds);
        File.WriteAllText(path, root.ToJsonString(Indented) + "\n");
    }

    /// <summary>Writes one evaluation, with each class's figure; null stands for a class that does not occur.</summary>
    public static void Write(string path, Figures figures)
    {
        var root = Means(figures);
        root[ClassesKey] = new JsonObject(
            figures.ClassIoU.Select(pair =>
                KeyValuePair.Create(
                    pair.Key,
                    double.IsNaN(pair.Value) ? null : (JsonNode?)Math.Round(pair.Value, Digits)
                )
            )
        );
        File.WriteAllText(path, root.ToJsonString(Indented) + "\n");
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

    private static JsonObject Means(Figures figures) =>
        new()
        {
            ["mIoU"] = Math.Round(figures.MeanIoU, Digits),
            ["mAcc"] = Math.Round(figures.MeanAccuracy, Digits),
            ["pixelAcc"] = Math.Round(figures.PixelAccuracy, Digits),
        };
}
