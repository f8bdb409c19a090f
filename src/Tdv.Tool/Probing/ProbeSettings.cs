namespace Tdv.Tool.Probing;

/// <summary>What to find out about frozen features.</summary>
internal sealed record ProbeSettings
{
    /// <summary>Weights of trained networks of one architecture, one for each seed; fewer are used again.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>List of the images to train on.</summary>
    public required string Train { get; init; }

    /// <summary>List of the images to evaluate on.</summary>
    public required string Test { get; init; }

    /// <summary>File of the classes.</summary>
    public required string Classes { get; init; }

    /// <summary>Folder for the results.</summary>
    public required string Out { get; init; }

    /// <summary>Videos to predict frames of; null: none.</summary>
    public string? Videos { get; init; }

    /// <summary>Repetitions, each with other untrained weights, pixels and images.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Which features.</summary>
    public FeatureChoice Features { get; init; } = new();
}
