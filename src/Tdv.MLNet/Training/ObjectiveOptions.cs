namespace Tdv.MLNet.Training;

/// <summary>The terms of TDV's objective (reference §6). Defaults: the paper's best recipe.</summary>
internal sealed record ObjectiveOptions
{
    public double MseWeight { get; init; } = 1.5;

    public double ClsWeight { get; init; } = 0.75;

    public double PatchWeight { get; init; } = 0.75;

    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>What is added to the paper's objective.</summary>
    public TdvRegularization Regularization { get; init; } = TdvRegularization.None;

    /// <summary>False predicts that nothing moves (paper, Table 4: collapses).</summary>
    public bool UseMotion { get; init; } = true;
}
