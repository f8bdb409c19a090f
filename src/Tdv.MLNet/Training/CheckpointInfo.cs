namespace Tdv.MLNet.Training;

/// <summary>What a checkpoint tells beside its tensors.</summary>
internal sealed record CheckpointInfo
{
    /// <summary>Optimizer steps done; the learning rates follow from it.</summary>
    public required long Step { get; init; }

    /// <summary>Time spent training, over all starts.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The pairs taken so far. Their order follows from it and the seed: no generator has a state of its own.</summary>
    public required DataPosition Data { get; init; }

    /// <summary>What the training was begun with.</summary>
    public required RunDescription Run { get; init; }
}
