using System.Text.Json;
using System.Text.Json.Serialization;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Featurizing;

/// <summary>Everything about one featurizing step but the weights: what a saved model keeps beside them.</summary>
internal sealed record FeatureSettings
{
    /// <summary>Of one image: 8192 × 8192.</summary>
    private const long MaxPixels = 1 << 26;
    private const int MaxShown = 20;

    public required string InputColumn { get; init; }

    public required string PreviousColumn { get; init; }

    /// <summary>The columns to add, by <see cref="FeatureOutput.Setting"/>; null where one is not asked for.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Columns { get; init; } = [];

    public required int ImageHeight { get; init; }

    public required int ImageWidth { get; init; }

    public required IReadOnlyList<int> Layers { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Models saved before there was a choice have none.</summary>
    public TdvEngine Engine { get; init; } = TdvEngine.Automatic;

    /// <summary>As <see cref="Engine"/>.</summary>
    public TdvPrecision Precision { get; init; } = TdvPrecision.Float32;

    /// <summary>What is to be computed, in the order of the columns.</summary>
    [JsonIgnore]
    public IReadOnlyList<FeatureOutput> Outputs => [.. FeatureOutput.All.Where(output => ColumnOf(output) is not null)];

    /// <summary>The column for an output; null: it is not asked for.</summary>
    public string? ColumnOf(FeatureOutput output) =>
        Columns.TryGetValue(output.Setting, out var column) && column.ValueKind == JsonValueKind.String
            ? column.GetString()
            : null;

    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    public static FeatureSettings From(
        TdvFeatureOptions options,
        string outputColumn,
        string inputColumn,
        Model.NetworkOptions network
    )
    {
        var settings = new FeatureSettings
        {
            InputColumn = inputColumn,
            PreviousColumn = options.PreviousFrameColumnName,
            Columns = FeatureOutput.All.ToDictionary(
                output => output.Setting,
                output =>
                    JsonSerializer.SerializeToElement(
                        output == FeatureOutput.Grid ? outputColumn : output.Asked(options)
                    )
            ),
            ImageHeight = options.ImageHeight ?? network.TrainingSize,
            ImageWidth = options.ImageWidth ?? network.TrainingSize,
            Layers = [.. options.Layers ?? [network.Depth]],
            BatchSize = options.BatchSize,
            Engine = options.Engine,
            Precision = options.Precision,
        };
        settings.AllFaults(network).ThrowIfAny($"{nameof(TdvFeatureOptions)} is out of range:");
        return settings;
    }

    /// <summary>Reads a saved model's settings: from anybody's file, hence checked before anything is allocated for them.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or do not fit the network.</exception>
    public static FeatureSettings Parse(string json, Model.NetworkOptions network)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<FeatureSettings>(json) ?? throw new JsonException("It is null.");
            settings.AllFaults(network).ThrowIfAny("The settings are out of range:");
            return settings;
        }
        // A text that is not valid Unicode is reported as an argument that is wrong.
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"The saved model's TdvFeaturize step is damaged. {exception.Message} Save the model again.",
                exception
            );
        }
    }

    private Faults AllFaults(Model.NetworkOptions network)
    {
        var faults = CheckNames();
        return faults.Count == 0 ? Check(network) : faults;
    }

    private Faults CheckNames()
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrEmpty(InputColumn), "InputColumn is empty.");
        faults.Check(!string.IsNullOrEmpty(PreviousColumn), "PreviousColumn is empty.");
        faults.Check(ColumnOf(FeatureOutput.Grid) is not null, $"{FeatureOutput.Grid.Setting} is empty.");
        foreach (var output in FeatureOutput.All)
        {
            faults.Check(ColumnOf(output) != "", $"{output.Setting} is empty.");
        }

        faults.Check(Layers is not null, "Layers are missing.");
        return faults;
    }

    private Faults Check(Model.NetworkOptions network)
    {
        var faults = new Faults();
        foreach (var (name, value) in new[] { ("ImageHeight", ImageHeight), ("ImageWidth", ImageWidth) })
        {
            faults.Check(
                value > 0 && value % network.PatchSize == 0,
                $"{name} is {value}; it must be a positive multiple of the patch size, {network.PatchSize}."
            );
        }

        CheckMemory(faults, network);
        faults.Check(
            Layers.Count > 0 && Layers.Zip(Layers.Skip(1)).All(pair => pair.First < pair.Second),
            $"Layers are [{Shown(Layers)}]; give at least one, each once, ascending."
        );
        faults.Check(
            Layers.All(layer => layer >= 1 && layer <= network.Depth),
            $"Layers are [{Shown(Layers)}]; the network has blocks 1 to {network.Depth}."
        );
        faults.Check(BatchSize >= 1, $"BatchSize is {BatchSize}; it must be at least 1.");
        faults.Check(
            Enum.IsDefined(Engine),
            $"Engine is {Engine}; it must be one of {string.Join(", ", Enum.GetNames<TdvEngine>())}."
        );
        faults.Check(
            Enum.IsDefined(Precision),
            $"Precision is {Precision}; it must be one of {string.Join(", ", Enum.GetNames<TdvPrecision>())}."
        );
        faults.Check(
            Precision != TdvPrecision.BFloat16 || Engine != TdvEngine.OnnxRuntime,
            $"Precision is {Precision}, which ONNX Runtime does not compute in; set Engine to TorchSharp or Automatic."
        );
        faults.Check(
            network.MotionDepth > 0 || !Outputs.Any(output => output.NeedsPrevious),
            "MotionColumnName is set, but this model has no motion encoder."
        );
        return faults;
    }

    /// <summary>One array holds a batch's pixels, another its features.</summary>
    private void CheckMemory(Faults faults, Model.NetworkOptions network)
    {
        if (ImageHeight <= 0 || ImageWidth <= 0 || BatchSize <= 0)
        {
            return;
        }

        long pixels = (long)ImageHeight * ImageWidth;
        long cells = (ImageHeight / network.PatchSize) * ((long)ImageWidth / network.PatchSize);
        decimal bytes = (decimal)pixels * FramePixels.Channels * BatchSize;
        decimal features = (decimal)cells * network.Dimension * Math.Max(1, Layers.Count) * BatchSize;
        faults.Check(
            pixels <= MaxPixels,
            $"ImageHeight × ImageWidth is {ImageHeight} × {ImageWidth}; at most {MaxPixels} pixels are possible."
        );
        faults.Check(
            pixels > MaxPixels || (bytes <= Array.MaxLength && features <= Array.MaxLength),
            $"BatchSize is {BatchSize}; for images of {ImageHeight} × {ImageWidth} pixels that is more than an array holds."
        );
    }

    private static string Shown(IReadOnlyList<int> layers) =>
        string.Join(", ", layers.Take(MaxShown)) + (layers.Count > MaxShown ? ", …" : "");
}
