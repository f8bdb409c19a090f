namespace Tdv.Tool.Motion;

/// <summary>What <c>propagate</c> does.</summary>
internal sealed record PropagateSettings
{
    /// <summary>A run, weights or a model.</summary>
    public required string Model { get; init; }

    /// <summary>A video or a folder of numbered frames.</summary>
    public required string Input { get; init; }

    /// <summary>Label pictures.</summary>
    public required IReadOnlyList<string> Masks { get; init; }

    /// <summary>The frames that they belong to, from 0; empty: a single one belongs to the first.</summary>
    public IReadOnlyList<int> MasksAt { get; init; } = [];

    /// <summary>The file of the classes; null: the masks' ids.</summary>
    public string? Classes { get; init; }

    /// <summary>The folder for all results.</summary>
    public required string Out { get; init; }

    /// <summary>Take every so many frames.</summary>
    public int Every { get; init; } = 1;

    /// <summary>What frames are resized to; null: that of the network for frames of this size.</summary>
    public FrameSize? Size { get; init; }
}
