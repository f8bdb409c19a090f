namespace Tdv.Tool.Pipeline;

/// <summary>One line of a list, as a row for ML.NET; all paths are absolute.</summary>
internal sealed class LabeledImage
{
    public required string Path { get; init; }

    public required string MaskPath { get; init; }

    /// <summary>The image's predecessor; the image itself where the list gives none.</summary>
    public required string PreviousPath { get; init; }
}
