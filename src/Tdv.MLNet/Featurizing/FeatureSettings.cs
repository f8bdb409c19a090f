using Tdv.MLNet.Interop;

namespace Tdv.MLNet.Featurizing;

/// <summary>Everything about one featurizing step but the weights: what a saved model keeps beside them.</summary>
internal sealed record FeatureSettings
{
    public required string OutputColumn { get; init; }

    public required string InputColumn { get; init; }

    public required string PreviousColumn { get; init; }

    public string? ClsColumn { get; init; }

    public string? MotionColumn { get; init; }

    public required int ImageHeight { get; init; }

    public required int ImageWidth { get; init; }

    public required IReadOnlyList<int> Layers { get; init; }

    public required int BatchSize { get; init; }

    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    public static FeatureSettings From(
        TdvFeatureOptions options,
        string outputColumn,
        string inputColumn,
        Model.NetworkOptions network
    )
    {
        int height = options.ImageHeight ?? network.TrainingSize;
        int width = options.ImageWidth ?? network.TrainingSize;
        var layers = options.Layers ?? [network.Depth];
        var faults = new Faults();
        foreach (var (name, value) in new[] { ("ImageHeight", height), ("ImageWidth", width) })
        {
            faults.Check(
                value > 0 && value % network.PatchSize == 0,
                $"{name} is {value}; it must be a positive multiple of the patch size, {network.PatchSize}."
            );
        }

        faults.Check(
            layers.Count > 0 && layers.Zip(layers.Skip(1)).All(pair => pair.First < pair.Second),
            $"Layers are [{string.Join(", ", layers)}]; give at least one, each once, ascending."
        );
        faults.Check(
            layers.All(layer => layer >= 1 && layer <= network.Depth),
            $"Layers are [{string.Join(", ", layers)}]; the network has blocks 1 to {network.Depth}."
        );
        faults.Check(options.BatchSize >= 1, $"BatchSize is {options.BatchSize}; it must be at least 1.");
        faults.Check(
            options.MotionColumnName is null || network.MotionDepth > 0,
            "MotionColumnName is set, but this model has no motion encoder."
        );
        faults.ThrowIfAny($"{nameof(TdvFeatureOptions)} is out of range:");
        return new FeatureSettings
        {
            OutputColumn = outputColumn,
            InputColumn = inputColumn,
            PreviousColumn = options.PreviousFrameColumnName,
            ClsColumn = options.ClsColumnName,
            MotionColumn = options.MotionColumnName,
            ImageHeight = height,
            ImageWidth = width,
            Layers = [.. layers],
            BatchSize = options.BatchSize,
        };
    }
}
