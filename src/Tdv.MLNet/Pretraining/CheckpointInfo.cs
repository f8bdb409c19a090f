using System.Text.Json.Serialization;

namespace Tdv.MLNet.Pretraining;

/// <summary>What a checkpoint tells beside its tensors.</summary>
internal sealed record CheckpointInfo
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Optimizer steps done; the learning rates follow from it.</summary>
    public required long Step { get; init; }

    /// <summary>Time spent training, over all starts.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The pairs taken so far. Their order follows from it and the seed: no generator has a state of its own.</summary>
    public required DataPosition Data { get; init; }

    /// <summary>What the training was begun with.</summary>
    public required RunDescription Run { get; init; }

    /// <summary>Where its validation stands; null: it has none.</summary>
    public ValidationInfo? Validation { get; init; }

    /// <summary>Whether it can be of a training; what was deserialized may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        Step >= 0
        && Elapsed >= TimeSpan.Zero
        && Elapsed <= Longest
        && Data is { IsPossible: true }
        && Run is { IsPossible: true }
        && Validation is null or { IsPossible: true };
}
