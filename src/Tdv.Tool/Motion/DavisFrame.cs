namespace Tdv.Tool.Motion;

/// <summary>A frame of DAVIS, as a row for ML.NET.</summary>
internal sealed class DavisFrame
{
    public required string Video { get; init; }

    public required string Path { get; init; }

    /// <summary>Empty where the mask is to be found.</summary>
    public required string MaskPath { get; init; }

    public required string TruthPath { get; init; }
}
