namespace Tdv.MLNet.Training;

/// <summary>How distributions over prototypes are formed. Defaults: the paper's.</summary>
internal sealed record DistillationOptions
{
    public double StudentTemperature { get; init; } = 0.1;

    public double TeacherTemperature { get; init; } = 0.1;

    /// <summary>Whether the center is subtracted and updated.</summary>
    public bool Centering { get; init; } = true;

    public double CenterMomentum { get; init; } = 0.9;
}
