namespace Tdv.MLNet.Training;

/// <summary>The recipe of one training (reference §7, §8).</summary>
internal sealed record TrainingOptions
{
    public required int Steps { get; init; }

    /// <summary>Frame pairs in one batch.</summary>
    public required int BatchSize { get; init; }

    public required Schedule Schedule { get; init; }

    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>Batches whose gradients make one step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The motion encoder's share of the learning rate.</summary>
    public double MotionMultiplier { get; init; } = 0.03;

    /// <summary>Trains the motion encoder and the heads alone: student's and teacher's frame encoder stay as they are.</summary>
    public bool FreezeFrameEncoder { get; init; }

    public double TeacherMomentum { get; init; } = 0.990025;

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Products of matrices in bfloat16; weights, optimizer, teacher and losses stay in float32.</summary>
    public bool BFloat16 { get; init; }

    /// <summary>Global L2 norm to which gradients are clipped.</summary>
    public double GradientClip { get; init; } = 1;
}
