namespace Tdv.MLNet.Training;

/// <summary>How a prediction is compared with its target. Defaults: the paper's, the plain mean squared error.</summary>
internal sealed record ReconstructionOptions
{
    /// <summary>The smooth L1 loss, which is linear beyond errors of 1, instead of the squared error.</summary>
    public bool SmoothL1 { get; init; }

    /// <summary>Divides the prediction.</summary>
    public double PredictionTemperature { get; init; } = 1;

    /// <summary>Divides the target, once it is centered.</summary>
    public double TargetTemperature { get; init; } = 1;
}
