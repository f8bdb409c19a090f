using System.Text.Json;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Parity;

/// <summary>One case: its <c>case.json</c> and the files beside it.</summary>
internal sealed class GoldenCase
{
    private readonly string _folder;

    private GoldenCase(string folder, JsonElement json)
    {
        _folder = folder;
        Json = json;
    }

    public JsonElement Json { get; }

    public JsonElement Config => Json.GetProperty("config");

    public string Name => Json.GetProperty("case").GetString()!;

    /// <summary>The files that case.json lists and that are there, in its order.</summary>
    public IEnumerable<string> Files => ListedFiles.Where(Has);

    /// <summary>The files that case.json lists, whether they are there or not.</summary>
    public IEnumerable<string> ListedFiles => Json.GetProperty("files").EnumerateObject().Select(file => file.Name);

    public static GoldenCase Read(string path) =>
        new(Path.GetDirectoryName(path)!, JsonDocument.Parse(File.ReadAllText(path)).RootElement);

    public bool Has(string file) => File.Exists(Path.Combine(_folder, file));

    public SafetensorsFile Open(string file) => SafetensorsFile.Open(Path.Combine(_folder, file));

    /// <summary>The text that case.json gives for a file's tensors in general.</summary>
    public string Meaning(string file) =>
        Json.GetProperty("files").GetProperty(file).GetProperty("meaning").TryGetProperty("*", out var text)
            ? text.GetString()!
            : "";

    /// <summary>
    /// The largest distance that case.json states between the reference's own runs in single and double precision: a
    /// number, one for each tensor, or pairs of an absolute and a relative one; null: none.
    /// </summary>
    public double? OwnDistance(string quantity) =>
        Json.TryGetProperty("float32_vs_float64_" + quantity, out var stated) ? Largest(stated) : null;

    /// <summary>Input and output files, each with the weights file listed before it.</summary>
    public IEnumerable<(string File, string Weights)> Runs()
    {
        var weights = "";
        foreach (var file in Files)
        {
            if (file.EndsWith("weights.safetensors", StringComparison.Ordinal))
            {
                weights = file;
            }
            else if (file.EndsWith("io.safetensors", StringComparison.Ordinal) && weights.Length > 0)
            {
                yield return (file, weights);
            }
        }
    }

    private static double Largest(JsonElement stated) =>
        stated.ValueKind switch
        {
            JsonValueKind.Object => stated.EnumerateObject().Max(entry => Largest(entry.Value)),
            JsonValueKind.Array => stated[stated.GetArrayLength() - 1].GetDouble(),
            _ => stated.GetDouble(),
        };
}
