namespace Tdv.MLNet.Training;

/// <summary>
/// The terms of TDV's objective (reference §6). Defaults: the paper's best recipe. What departs from it serves
/// ablation and parity with the official code.
/// </summary>
internal sealed record ObjectiveOptions
{
    public double MseWeight { get; init; } = 1.5;

    public ReconstructionOptions Reconstruction { get; init; } = new();

    public double ClsWeight { get; init; } = 0.75;

    public double PatchWeight { get; init; } = 0.75;

    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>The patch term's own head, center and temperatures; null shares those of the CLS term.</summary>
    public DistillationOptions? PatchDistillation { get; init; }

    /// <summary>False predicts that nothing moves (paper, Table 4: collapses).</summary>
    public bool UseMotion { get; init; } = true;

    /// <summary>Feeds the motion encoder the next frame instead of the difference.</summary>
    public bool FullFrame { get; init; }

    /// <summary>Frames that motion is summed over before it is compared.</summary>
    public int Rollout { get; init; } = 1;
}
