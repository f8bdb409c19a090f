namespace Tdv.Tool.Pipeline;

/// <summary>A picture to be painted, as a row for ML.NET.</summary>
internal sealed class PictureRow
{
    public required string Path { get; init; }

    public required string PreviousPath { get; init; }
}
